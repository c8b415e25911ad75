/** The connection of a seat: documents in, what people do out. It mends itself and repeats nothing twice. */
import { type Held, type Json, merged } from "./patch";

/** Waits between attempts to connect, ms: soon at first, then patiently. */
const WAITS_MS = [250, 500, 1000, 2000, 4000];
/** Without a frame for so long the connection is taken for dead: the server sends one on every tick. */
const SILENT_MS = 6000;

/** Codes with which the server ends a connection for good: the session ended; what was sent is nothing a seat says. */
const ENDED = 4001;
const UNFIT = 1008;

export interface Outcome {
  ok: boolean;
  words: string;
}

interface Frame {
  n: number;
  doc?: Held;
  patch?: Held;
  acks?: ({ id: string } & Outcome)[];
}

interface Sent {
  text: string;
  told: (outcome: Outcome) => void;
}

export type Link = "connecting" | "connected" | "lost" | "refused";

/** What frames make of the document that was held: pure, so that it can be tried without a socket. */
export function taken(held: { n: number; doc: Held | null }, frame: Frame): { n: number; doc: Held | null; gap: boolean } {
  if (frame.doc) return { n: frame.n, doc: frame.doc, gap: false };
  if (held.doc === null) return { ...held, gap: false };
  if (frame.n <= held.n) return { ...held, gap: false };
  if (frame.n > held.n + 1) return { ...held, gap: true };
  return { n: frame.n, doc: frame.patch ? (merged(held.doc, frame.patch) as Held) : held.doc, gap: false };
}

export class Wire {
  private socket: WebSocket | null = null;
  private held: { n: number; doc: Held | null } = { n: -1, doc: null };
  private readonly sent = new Map<string, Sent>();
  private tries = 0;
  private watch = 0;
  private shut = false;
  private asked = false;

  constructor(
    private readonly address: string,
    private readonly shown: (doc: Json) => void,
    private readonly linked: (state: Link, words: string) => void,
  ) {
    this.connect();
  }

  /** Say what is done; told when the server has written it down, or refused it. */
  do(what: Held): Promise<Outcome> {
    const id = identifier();
    return new Promise((told) => {
      const text = JSON.stringify({ id, do: what });
      this.sent.set(id, { text, told });
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
    });
  }

  close(): void {
    this.shut = true;
    clearTimeout(this.watch);
    this.socket?.close();
  }

  private connect(): void {
    this.linked("connecting", "");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("open", () => {
      // A new connection begins with the whole document. The server answers an id that it has seen as it did the first time.
      for (const { text } of this.sent.values()) socket.send(text);
      this.alive();
    });
    socket.addEventListener("message", (e) => {
      if (socket === this.socket) this.take(JSON.parse(String(e.data)) as Frame);
    });
    socket.addEventListener("close", (e) => {
      if (socket === this.socket && !this.shut) this.lost(e);
    });
  }

  private take(frame: Frame): void {
    this.alive();
    const next = taken(this.held, frame);
    // What was missed can not be patched over: the next frame shall hold the whole document.
    if (next.gap && !this.asked) this.socket?.send(JSON.stringify({ have: this.held.n }));
    this.asked = next.gap;
    this.tries = 0;
    this.linked("connected", "");
    const changed = next.doc !== this.held.doc;
    this.held = { n: next.n, doc: next.doc };
    if (changed && next.doc) this.shown(next.doc);
    for (const { id, ok, words } of frame.acks ?? []) {
      this.sent.get(id)?.told({ ok, words: words ?? "" });
      this.sent.delete(id);
    }
  }

  private alive(): void {
    clearTimeout(this.watch);
    this.watch = window.setTimeout(() => this.socket?.close(), SILENT_MS);
  }

  private lost(e: CloseEvent): void {
    clearTimeout(this.watch);
    if (e.code === ENDED || e.code === UNFIT) {
      this.linked("refused", `${e.reason || "This seat was left, or given to another"}.`);
      return;
    }
    this.linked("lost", "The connection is lost; trying again.");
    const wait = WAITS_MS[Math.min(this.tries++, WAITS_MS.length - 1)]!;
    window.setTimeout(() => void this.again(), wait);
  }

  /** A socket that was refused does not say why: ask for the page's own data first. */
  private async again(): Promise<void> {
    const answer = await fetch("still.json", { cache: "no-store" }).catch(() => null);
    if (answer && (answer.status === 401 || answer.status === 403)) {
      this.linked("refused", "Nobody sits here in this browser any more.");
    } else this.connect();
  }
}

/** Unlike any other, in this browser and others. */
function identifier(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((w) => w.toString(16).padStart(8, "0")).join("");
}
