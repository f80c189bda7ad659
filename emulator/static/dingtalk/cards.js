// Interactive cards: the variables of a template, drawn as this viewer sees them.

import { h, icon, post } from "../dom.js";
import { rich } from "./bubbles.js";
import { going } from "./links.js";

const LISTED = ["title", "subtitle", "source", "emphasis", "emphasis_caption", "quote", "fields", "text", "buttons", "form", "submit", "settled", "link", "image_url"];

function read(text, otherwise) {
  try {
    return JSON.parse(text) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** One card on a member's phone. */
export function card(view, content) {
  const { data } = content;
  const fields = read(data.form, {}).fields ?? [];
  const body = [head(view, data), image(data), emphasis(data), quote(data), facts(view, data), text(view, data), unknown(view, data)];
  const node = h("article", { class: "card interactive", data: { card: view.item.outTrackId, state: view.item.state } });
  const whole = h("div", { class: "card-body" }, body);
  node.append(data.link ? going(view.person.userid, view.item, data.link, { class: "card-whole" }, whole) : whole);
  const answers = new Map();
  const asked = fields.map((field) => question(field, answers));
  const submit = read(data.submit, {});
  const buttons = read(data.buttons, []);
  node.append(h("div", { class: "card-form" }, asked));
  if (data.settled) node.append(h("div", { class: "card-done" }, icon("check"), data.settled));
  const all = submit.text ? [{ ...submit, style: submit.style || "primary", submits: true }, ...buttons] : buttons;
  if (all.length) node.append(h("div", { class: `card-buttons columns-${columns(all)}` }, all.map((button) => press(view, button, fields, answers))));
  if (view.item.failed) node.append(h("div", { class: "card-failed", role: "alert" }, view.item.failed));
  return node;
}

function head(view, data) {
  const source = data.source && h("div", { class: "card-source" }, data.source);
  const title = data.title && h("h3", { class: "card-heading" }, data.title);
  return h("header", { class: "ding-head" }, source, title, data.subtitle && h("p", {}, data.subtitle));
}

function image({ image_url: address }) {
  if (!/^https?:/i.test(address ?? "")) return null;
  const shown = h("img", { class: "ding-image", src: address, alt: "", on: { error: () => shown.remove() } });
  return shown;
}

function emphasis(data) {
  if (!data.emphasis) return null;
  return h("div", { class: "card-emphasis" }, h("strong", {}, data.emphasis), data.emphasis_caption && h("span", {}, data.emphasis_caption));
}

function quote(data) {
  return data.quote && h("div", { class: "card-quote" }, data.quote);
}

function facts(view, data) {
  const rows = read(data.fields, []);
  const row = (one) => h("div", {}, h("dt", {}, one.name), h("dd", {}, one.value));
  return rows.length ? h("dl", { class: "card-facts" }, rows.map(row)) : null;
}

function text(view, data) {
  const said = data.text || data.markdown || data.content;
  return said ? h("div", { class: "card-text markdown" }, rich(view, said)) : null;
}

/** Variables of another template, as names and values. */
function unknown(view, data) {
  const others = Object.entries(data).filter(([name]) => !LISTED.includes(name) && !["markdown", "content"].includes(name));
  const row = ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  return others.length ? h("dl", { class: "card-facts" }, others.map(row)) : null;
}

function columns(buttons) {
  const longest = Math.max(...buttons.map((button) => button.text.length));
  if (buttons.length === 1 || longest > 8) return 1;
  return buttons.length % 3 === 0 && longest <= 4 ? 3 : 2;
}

function press(view, button, fields, answers) {
  const look = { class: `card-button style-${button.style || "plain"}`, data: { key: button.key ?? "" } };
  if (button.url) return going(view.person.userid, view.item, button.url, look, button.text);
  const act = async (event) => {
    const node = event.currentTarget;
    const params = { key: button.key };
    if (button.submits) {
      const form = filled(node.closest(".card"), fields, answers);
      if (!form) return;
      params.form = form;
    }
    node.disabled = true;
    node.classList.add("busy");
    await post("click", { outTrackId: view.item.outTrackId, userid: view.person.userid, params, actionIds: [button.submits ? "submit" : "button"] });
    setTimeout(() => {
      node.disabled = false;
      node.classList.remove("busy");
    }, 900);
  };
  return h("button", { ...look, type: "button", on: { click: act } }, button.text);
}

/** What the form was filled with; null, and the field marked, when a required one is empty. */
function filled(node, fields, answers) {
  const form = {};
  let missing = false;
  for (const field of fields) {
    const value = answers.get(field.name)();
    const empty = value === null || value === "" || value?.value?.length === 0;
    node.querySelector(`[data-field="${CSS.escape(field.name)}"]`)?.classList.toggle("missing", Boolean(field.required && empty));
    if (field.required && empty) missing = true;
    else if (!empty) form[field.name] = value;
  }
  return missing ? null : form;
}

const TYPED = { NUMBER: "number", DATE: "date", TIME: "time", DATETIME: "datetime-local" };

/** One field of the form; `answers` gets a function that reads it. */
function question(field, answers) {
  const label = h("span", {}, field.label ?? "", field.required && h("i", {}, "*"));
  const draw = { SELECT: one, MULTI_SELECT: many, CHECKBOX_GROUP: many, CHECKBOX: yesNo, SWITCH: yesNo, TEXT_AREA: area }[field.type] ?? typed;
  const [input, value] = draw(field);
  answers.set(field.name, value);
  const wide = ["MULTI_SELECT", "CHECKBOX_GROUP", "TEXT_AREA"].includes(field.type);
  return h(wide ? "div" : "label", { class: `card-select ${wide ? "wide" : ""}`, data: { field: field.name } }, label, input, h("em", {}, field.requiredMsg ?? "必填"));
}

function one(field) {
  const chosen = field.defaultValue?.value ?? "";
  const options = (field.options ?? []).map((option) => h("option", { value: option.value, selected: option.value === chosen }, option.text));
  if (!chosen) options.unshift(h("option", { value: "", selected: true }, field.placeholder ?? "请选择"));
  const input = h("select", { disabled: field.readOnly }, options);
  const read = () => (input.value ? { index: field.options.findIndex((option) => option.value === input.value), value: input.value } : null);
  return [input, read];
}

function many(field) {
  const chosen = field.defaultValue?.value ?? [];
  const box = (option) => h("label", {}, h("input", { type: "checkbox", value: option.value, checked: chosen.includes(option.value), disabled: field.readOnly }), option.text);
  const input = h("div", { class: "chips" }, (field.options ?? []).map(box));
  const read = () => {
    const boxes = [...input.querySelectorAll("input")];
    const index = boxes.flatMap((node, place) => (node.checked ? [place] : []));
    return { index, value: index.map((place) => boxes[place].value) };
  };
  return [input, read];
}

function yesNo(field) {
  const input = h("input", { type: "checkbox", role: "switch", checked: Boolean(field.defaultValue), disabled: field.readOnly });
  return [input, () => input.checked];
}

function area(field) {
  const input = h("textarea", { rows: 3, placeholder: field.placeholder ?? "", disabled: field.readOnly }, field.defaultValue ?? "");
  return [input, () => input.value.trim()];
}

function typed(field) {
  const input = h("input", { type: TYPED[field.type] ?? "text", value: field.defaultValue ?? "", placeholder: field.placeholder ?? "", disabled: field.readOnly });
  return [input, () => input.value.replace("T", " ").trim()];
}
