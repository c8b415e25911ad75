"""Who takes which layer, where the next battery goes, how rounds and doctrine are set: `synaspis plan`.

`sites` what could be added, `shots` who could fire when, `chances` what that does, `options` what may be
chosen, `program` the choice as mathematics, `solve` its optimum, `lifts` what each rule costs, `clash` why
there is no plan, `play` the engine's word on it, `study` all of them in order. docs/plan-models.md writes
the models down.
"""
