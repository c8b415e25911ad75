/** What a nation may put on the table before the raid, from a short form, said in words before it is sent. */
import { make } from "../parts";
import type { Still, TurnState } from "./documents";
import { Fields, type Kind } from "./fields";
import type { Held } from "./patch";
import { name } from "./say";
import { section } from "./shell";
import { MOVES, inWords, turnFor } from "./turnsay";
import type { Outcome } from "./wire";

const ANY = "";
const WAR = "war";
const GRAVE = "crisis and war";
const GIVES = "gives";

const same = (names: readonly string[]): [string, string][] => names.map((n) => [n, n.replaceAll("_", " ")]);
const clauses = (held: Record<string, string> | undefined): [string, string][] =>
  Object.keys(held ?? {}).map((id) => [id, id]);
const nations = (still: Still): [string, string][] => (still.choices?.inform ?? []).map((n) => [n, name(still, n)]);

/** The form's kinds for one nation. */
function kinds(me: string): Kind<Still>[] {
  const draft = (what: Held): Held => {
    const [owner, recipient] = what["way"] === GIVES ? [me, what["other"]] : [what["other"], me];
    return {
      type: "draft", owner: owner!, recipient: recipient!, product: what["product"]!, delay_s: what["delay_s"]!,
      threatened: what["threatened"]!, purposes: what["purpose"] === ANY ? [] : [what["purpose"]!],
    };
  };
  const standing = (what: Held): Held => ({
    type: "preauthorise", clause: what["clause"]!, alert: what["alert"] === ANY ? [] : String(what["alert"]).split(" and "),
  });
  const sites = (still: Still, chosen: Held): [string, string][] => {
    const units = still.choices?.deploy ?? {};
    const domain = units[String(chosen["unit"] ?? Object.keys(units)[0])];
    const fit = Object.entries(still.choices?.sites ?? {}).filter(([, s]) => s.domain === domain);
    return fit.map(([site, s]) => [site, `${site}, ${name(still, s.host)}`]);
  };
  return [
    {
      type: "draft", words: MOVES["draft"]!, made: draft,
      fields: [
        { key: "way", label: "Which way", choose: () => [[GIVES, "we give"], ["gets", "we get"]] },
        { key: "other", label: "Other nation", choose: nations },
        { key: "product", label: "What", choose: (s) => same(s.choices?.products ?? []) },
        { key: "delay_s", label: "After, s", seconds: 0, limits: [0, 86_400] },
        { key: "purpose", label: "For", choose: (s) => [[ANY, "any purpose"], ...same(s.choices?.purposes ?? [])] },
        { key: "threatened", label: "Of missiles that", flag: ["threaten who gets it", "threaten anybody"] },
      ],
    },
    { type: "bring", words: MOVES["bring"]!, fields: [{ key: "clause", label: "Clause", choose: (s) => clauses(s.choices?.bring) }] },
    {
      type: "deploy", words: MOVES["deploy"]!,
      fields: [
        { key: "unit", label: "What", choose: (s) => same(Object.keys(s.choices?.deploy ?? {})) },
        { key: "site", label: "To", choose: sites },
      ],
    },
    {
      type: "preauthorise", words: MOVES["preauthorise"]!, made: standing,
      fields: [
        { key: "clause", label: "In place of", choose: (s) => clauses(s.choices?.preauthorise) },
        { key: "alert", label: "State of alert", choose: () => [[ANY, "any"], [GRAVE, GRAVE], [WAR, "war alone"]] },
      ],
    },
    { type: "warn_public", words: MOVES["warn_public"]!, fields: [] },
    { type: "inform", words: MOVES["inform"]!, fields: [{ key: "state", label: "State", choose: nations }] },
  ];
}

export class Propose {
  readonly element: HTMLElement;
  private readonly for = make("p", { class: "soft" });
  private readonly words = make("p", { class: "words", "aria-live": "polite" });
  private readonly outcome = make("p", { class: "sent", role: "status" });
  private readonly form: Fields<Still>;

  constructor(still: Still, act: (what: Held) => Promise<Outcome>) {
    this.form = new Fields(kinds(still.seat), "What to put on the table", "Put on the table", () => still, (what) => {
      void act(what).then(({ ok, words }) => {
        this.outcome.textContent = ok ? "It is on the table." : `Not taken: ${words}`;
      });
    }, (what) => {
      this.words.textContent = inWords(still, what);
      this.outcome.textContent = "";
    });
    this.form.form.insertBefore(this.words, this.form.form.lastElementChild);
    this.element = section("Put on the table", "propose", this.for, this.form.form, this.outcome);
  }

  focus(): void {
    this.form.focus();
  }

  show(t: TurnState): void {
    this.for.textContent = turnFor(t);
    this.form.offer(t.over ? [] : t.may);
  }
}
