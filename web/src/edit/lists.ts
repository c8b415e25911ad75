/** The three lists: agreements, sites, salvo. */
import { make } from "../parts";
import type { AgreementRows, ClauseRow, Row, SalvoRow, Sheet, SiteRow } from "./data";
import type { Fields } from "./fields";
import { counted, nation } from "./words";

/** More clauses than these are folded away by agreement. */
const FEW = 16;

export function lists(sheet: Sheet, fields: Fields): HTMLElement[] {
  const many = sheet.agreements.reduce((n, a) => n + a.clauses.length, 0) > FEW;
  return [
    section("Agreements", "agreements", "Who shares what with whom, whom rounds defend, and who may let them fire.",
      ...sheet.agreements.filter((a) => a.clauses.length > 0).map((a) => agreement(a, many, fields))),
    section("Sites", "sites", "Where sensors and batteries stand, in degrees, and how many rounds are ready.",
      rows(sheet.sites, (s) => site(s, sheet), fields)),
    section("Salvo", "salvo", "How many missiles fly in each group of the raid.", rows(sheet.salvo, salvo, fields)),
  ];
}

function section(title: string, id: string, lede: string, ...inside: HTMLElement[]): HTMLElement {
  return make("section", { id, "aria-labelledby": `${id}-title` }, make("h2", { id: `${id}-title` }, title), make("p", { class: "soft" }, lede), ...inside);
}

function agreement(a: AgreementRows, many: boolean, fields: Fields): HTMLElement {
  const list = rows(a.clauses, clause, fields);
  const where = a.regimes.length ? `in ${a.regimes.join(", ")}` : "in no regime";
  const about = make("span", { class: "soft" }, `${a.name} · ${where}${many ? ` · ${counted(a.clauses.length, "clause")}` : ""}`);
  if (!many) return make("div", { class: "group" }, make("h3", {}, a.title, " ", about), list);
  return make("details", { class: "group" }, make("summary", {}, make("strong", {}, a.title), " ", about), list);
}

function rows<T extends Row>(all: T[], about: (row: T) => HTMLElement, fields: Fields): HTMLElement {
  return make("ul", { class: "rows" }, ...all.map((row) => {
    const called = row.name;
    return make("li", {}, about(row), make("span", { class: "fields" }, ...row.fields.map((f) => fields.element(f, called))));
  }));
}

function clause(c: ClauseRow): HTMLElement {
  const flags = [c.kind, ...(c.assumed ? ["assumed"] : []), ...(c.holds ? [] : ["not in force on the day"])];
  return make("span", { class: "about" }, make("strong", {}, c.name), " ", make("span", { class: "flags" }, flags.join(" · ")),
    make("span", { class: "words" }, c.words || c.terms), ...(c.words && c.terms ? [make("span", { class: "terms" }, c.terms)] : []));
}

function site(s: SiteRow, sheet: Sheet): HTMLElement {
  const host = s.host !== s.owner ? `, in ${nation(s.host, sheet.nations)}` : "";
  return make("span", { class: "about" }, make("strong", {}, s.name), " ",
    make("span", { class: "flags" }, s.kind + (s.holds ? "" : " · not there on the day")),
    make("span", { class: "words" }, `${s.type} of ${nation(s.owner, sheet.nations)}${host}`));
}

function salvo(s: SalvoRow): HTMLElement {
  return make("span", { class: "about" }, make("strong", {}, s.name), make("span", { class: "words" }, `${s.threat} from ${s.launch}`));
}
