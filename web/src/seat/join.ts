/** Where an invitation leads: its fragment, which no server log ever holds, becomes a session of the seat. */
import "virtual:colours.css";
import "./base.css";
import { make } from "../parts";

interface Answer {
  seat?: string;
  title?: string;
  path?: string;
  words?: string;
}

/** Seat and token of a link's fragment, `#SEAT.TOKEN`; null where it holds none. */
function invitation(fragment: string): { seat: string; invite: string } | null {
  const held = decodeURIComponent(fragment.replace(/^#/, ""));
  const dot = held.indexOf(".");
  return dot > 0 && dot < held.length - 1 ? { seat: held.slice(0, dot), invite: held.slice(dot + 1) } : null;
}

function card(root: HTMLElement, title: string, words: string): void {
  root.replaceChildren(
    make("div", { class: "door-card" }, make("p", { class: "over" }, "Synaspis · exercise"), make("h1", {}, title), make("p", { role: "status" }, words)),
  );
}

async function join(root: HTMLElement): Promise<void> {
  const found = invitation(location.hash);
  // The token is worth a seat until it is used: it stays neither in the address nor in the history.
  history.replaceState(null, "", location.pathname);
  if (!found) {
    card(root, "Open your invitation", "A seat is joined with the link that the director gives you. Open that link here; it works once.");
    return;
  }
  card(root, "Taking your seat", "One moment.");
  const answer = await fetch(`/seats/${encodeURIComponent(found.seat)}/join`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ invite: found.invite }),
  }).catch(() => null);
  const told = (await answer?.json().catch(() => null)) as Answer | null;
  if (answer?.ok && told?.path) {
    location.replace(told.path);
    return;
  }
  const why = answer ? (told?.words ?? "The server did not take it.") : "The server does not answer. Open the link again when it does.";
  card(root, "This link did not open a seat", `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? "" : "."} Ask the director for a new link.`);
}

const root = document.getElementById("join");
if (root) void join(root);
// Another link opened in the same window changes the fragment alone.
addEventListener("hashchange", () => root && location.hash.length > 1 && void join(root));
