// DingTalk's subset of markdown: a single line end is swallowed, "two spaces, line end, two spaces" breaks the line.

import { h } from "../dom.js";

const INLINE = /\*\*(.+?)\*\*|\*([^*\s][^*]*?)\*|!\[([^\]]*)\]\(([^)\s]*)\)|\[([^\]]+)\]\(([^)\s]+)\)|<font color=["']?(#[0-9a-f]{3,8}|\w+)["']?>(.*?)<\/font>|(https?:\/\/[^\s<>"'，。；、！？）】」]+)|@([^\s@]{1,20})/gi;

function inline(text, open, mentioned) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(from, match.index));
    const [whole, bold, italic, alt, picture, label, url, , coloured, bare, name] = match;
    if (bold !== undefined) parts.push(h("strong", {}, inline(bold, open, mentioned)));
    else if (italic !== undefined) parts.push(h("em", {}, inline(italic, open, mentioned)));
    else if (picture !== undefined) parts.push(image(picture, alt));
    else if (label !== undefined) parts.push(open(url, label));
    else if (coloured !== undefined) parts.push(h("span", { class: "md-colour" }, inline(coloured, open, mentioned)));
    else if (bare !== undefined) parts.push(open(bare, bare));
    else parts.push(mentioned(name, whole));
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function image(address, alt) {
  const source = /^https?:/i.test(address) ? address : `/__emu/media/${encodeURIComponent(address)}`;
  const shown = h("img", { class: "md-image", src: source, alt, on: { error: () => shown.remove() } });
  return shown;
}

const broken = (line) => /^ {2}/.test(line);

/** Split the text into blocks, joining lines that only a single line end parts. */
function blocks(text) {
  const found = [];
  let open = null;
  let before = "";
  for (const line of String(text).replaceAll("\r", "").split("\n")) {
    const heading = /^ {0,3}(#{1,6})\s+(.*)$/.exec(line);
    const quote = /^ {0,3}>\s?(.*)$/.exec(line);
    const bullet = /^\s*(?:[-*+])\s+(.*)$/.exec(line);
    const number = /^\s*(\d{1,3})\.\s+(.*)$/.exec(line);
    if (!line.trim()) open = null;
    else if (heading) open = found[found.push({ kind: "heading", level: heading[1].length, lines: [heading[2]] }) - 1] && null;
    else if (bullet) found.push((open = { kind: "bullet", lines: [bullet[1]] }));
    else if (number) found.push((open = { kind: "number", mark: `${number[1]}.`, lines: [number[2]] }));
    else if (quote && open?.kind === "quote") add(open, quote[1], before);
    else if (quote) found.push((open = { kind: "quote", lines: [quote[1]] }));
    else if (open) add(open, line, before);
    else found.push((open = { kind: "text", lines: [line] }));
    before = line;
  }
  return found;
}

/** Go on in a block: on a new line when it was broken on both sides, else on the same. */
function add(block, line, before) {
  if (/ {2}$/.test(before) && (broken(line) || block.kind === "quote")) block.lines.push(line.trimStart());
  else block.lines[block.lines.length - 1] = `${block.lines.at(-1).trimEnd()} ${line.trim()}`;
}

/** Draw markdown. `open(url, label)` makes a link, `mentioned(name, whole)` a mention. */
export function markdown(text, open, mentioned = (_, whole) => whole) {
  return blocks(text).map((block) => {
    const lines = block.lines.flatMap((line, index) => [index ? h("br") : null, ...inline(line.trimEnd(), open, mentioned)]);
    if (block.kind === "heading") return h("div", { class: `md-h md-h${block.level}` }, lines);
    if (block.kind === "quote") return h("div", { class: "md-quote" }, lines);
    if (block.kind === "bullet") return h("div", { class: "md-item" }, h("i", {}, "•"), h("span", {}, lines));
    if (block.kind === "number") return h("div", { class: "md-item" }, h("i", {}, block.mark), h("span", {}, lines));
    return h("div", { class: "md-line" }, lines);
  });
}
