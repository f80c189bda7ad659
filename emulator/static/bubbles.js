// One item of a conversation: bubble, picture, file, text card, news or template card.

import { card } from "./cards.js";
import { h, icon, link } from "./dom.js";
import { described, markdown, plain } from "./text.js";

const SHADES = 8;

/** A square with the end of somebody's name, in a colour of their own. */
export function avatar(person, extra = "") {
  let sum = 0;
  for (const letter of person.userid) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return h("span", { class: `avatar shade-${sum % SHADES} ${extra}` }, person.name.slice(-2));
}

/** The app's square. */
export function appAvatar(extra = "") {
  return h("img", { class: `avatar app ${extra}`, src: "/static/icon.svg", alt: "" });
}

const DRAW = {
  text: (userid, content) => h("div", { class: "bubble" }, plain(userid, content.content)),
  markdown: (userid, content) => h("div", { class: "bubble markdown" }, markdown(userid, content.content)),
  markdown_v2: (userid, content) => h("div", { class: "bubble markdown" }, markdown(userid, content.content)),
  image: picture,
  voice: (userid, content) => h("a", { class: "bubble voice", href: `/__emu/media/${content.media_id}` }, "▸ 语音"),
  video: file,
  file,
  textcard,
  news,
  mpnews: news,
  template_card: (userid, content, item) => card(userid, item),
  miniprogram_notice: notice,
};

/** Draw an item with its avatar, on the side of its sender. */
export function bubble(person, item) {
  const mine = item.from === "member";
  const draw = DRAW[item.msgtype] ?? (() => h("div", { class: "bubble" }, `［${item.msgtype}］`));
  const drawn = draw(person.userid, item.content, item);
  const face = mine ? avatar(person) : appAvatar();
  return h("div", { class: `line ${mine ? "mine" : "theirs"}`, data: { id: item.id, type: item.msgtype } }, face, drawn);
}

function picture(userid, content) {
  const source = `/__emu/media/${content.media_id}`;
  return h("a", { class: "picture", href: source, target: "_blank" }, h("img", { src: source, alt: content.filename ?? "图片" }));
}

function file(userid, content) {
  const kilo = Math.max(1, Math.round((content.size ?? 0) / 1024));
  const size = kilo > 1024 ? `${(kilo / 1024).toFixed(1)} MB` : `${kilo} KB`;
  const words = h("span", {}, h("strong", {}, content.title || content.filename), h("small", {}, size));
  return h("a", { class: "file", href: `/__emu/media/${content.media_id}`, download: content.filename }, words, icon("file"));
}

function textcard(userid, content) {
  const words = [
    h("h3", {}, content.title),
    h("div", { class: "textcard-words" }, described(userid, content.description)),
    h("div", { class: "card-jump" }, h("span", {}, content.btntxt), icon("chevron")),
  ];
  return link(userid, content.url, { class: "card textcard" }, words);
}

function news(userid, content) {
  const one = (article, index) => {
    const shown = article.picurl && h("img", { src: article.picurl, alt: "", on: { error: (event) => event.target.remove() } });
    const words = h("span", {}, h("strong", {}, article.title), article.description && h("small", {}, article.description));
    return link(userid, article.url, { class: `article ${index === 0 ? "first" : ""}` }, shown, words);
  };
  return h("div", { class: "card news" }, content.articles.map(one));
}

function notice(userid, content) {
  const row = (one) => h("div", {}, h("dt", {}, one.key), h("dd", {}, one.value));
  const facts = h("dl", { class: "card-facts" }, content.content_item.map(row));
  const title = h("div", { class: "card-title" }, h("h3", {}, content.title), h("p", {}, content.description ?? ""));
  return h("article", { class: "card" }, h("div", { class: "card-body" }, title, facts));
}
