// Words of a message as nodes: plain text with links, text cards' little HTML, markdown's first version.

import { h, link } from "./dom.js";

const ANCHOR = /<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)["']?[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；、！？）】」]+)/gi;

/** Text as WeCom shows it: line breaks, <a href> and bare addresses live, everything else literal. */
export function plain(userid, text) {
  const parts = [];
  let from = 0;
  for (const match of String(text).matchAll(ANCHOR)) {
    parts.push(text.slice(from, match.index));
    const [whole, href, label, bare] = match;
    parts.push(link(userid, href ?? bare, { class: "link" }, label ?? bare));
    from = match.index + whole.length;
  }
  parts.push(String(text).slice(from));
  return parts;
}

const BLOCK = /<div\s+class\s*=\s*["']?(gray|normal|highlight)["']?\s*>([\s\S]*?)<\/div>|<br\s*\/?>/gi;

/** A text card's description: div classes gray, normal, highlight, and <br>; other tags stay text. */
export function described(userid, text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(BLOCK)) {
    parts.push(text.slice(from, match.index));
    parts.push(match[1] ? h("div", { class: `textcard-${match[1]}` }, plain(userid, match[2])) : h("br"));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color="(info|comment|warning)">([\s\S]*?)<\/font>|<@([^>]+)>/g;

function inline(userid, text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(from, match.index));
    const [whole, bold, code, label, url, colour, coloured, mention] = match;
    if (bold !== undefined) parts.push(h("strong", {}, inline(userid, bold)));
    else if (code !== undefined) parts.push(h("code", {}, code));
    else if (label !== undefined) parts.push(link(userid, url, { class: "link" }, label));
    else if (colour !== undefined) parts.push(h("span", { class: `md-${colour}` }, inline(userid, coloured)));
    else parts.push(h("span", { class: "link" }, `@${mention}`));
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Markdown as the app message knows it: headings, bold, code, links, quotes, three colours; the rest as typed. */
export function markdown(userid, text) {
  return text.split("\n").map((line) => {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) return h("div", { class: `md-h md-h${heading[1].length}` }, inline(userid, heading[2]));
    const quote = /^>\s?(.*)$/.exec(line);
    if (quote) return h("div", { class: "md-quote" }, inline(userid, quote[1]));
    return h("div", { class: "md-line" }, line ? inline(userid, line) : h("br"));
  });
}
