"""QUESTIONS: one file each. Studies return `model.answers` and never touch a disk."""
