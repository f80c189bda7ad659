// The page: phones side by side, kept up to date by one long poll.

import { avatar } from "./bubbles.js";
import { dingtalk } from "./dingtalk/look.js";
import { FaultDrawer, TrafficDrawer } from "./drawers.js";
import { h, toast } from "./dom.js";
import { setClock } from "./time.js";
import { Toolbar } from "./toolbar.js";
import { wecom } from "./wecom.js";

const WAIT_S = 12;
const AT_FIRST = 3;
const KEPT = "liaodan-emulator-people";
const LOOKS = { wecom, dingtalk };
const NARROW = window.matchMedia("(max-width: 760px)");

const page = { since: -1, epoch: "", phones: new Map(), shown: new Set(), chips: new Map() };

async function follow() {
  for (;;) {
    try {
      const query = new URLSearchParams({ since: page.since, epoch: page.epoch, wait: WAIT_S });
      const response = await fetch(`/__emu/feed?${query}`, { cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      take(await response.json());
      page.toolbar?.connected(true);
    } catch (error) {
      if (!(error instanceof TypeError)) console.warn("feed", error);
      page.toolbar?.connected(false);
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

function take(news) {
  setClock(news.clock.unix);
  if (news.people) begin(news);
  tick();
  page.since = news.version;
  page.epoch = news.epoch;
  for (const item of news.items) phoneOf(item.userid, news)?.put(item);
  if (page.dropped < news.dropped) toast("平台悄悄丢弃了消息：每位成员每分钟最多收 30 条");
  page.dropped = news.dropped;
  for (const phone of page.phones.values()) phone.news(news);
  deliver(news.events);
  page.toolbar.update(news);
  page.faults.update(news.faults);
  page.traffic.update(news.traffic);
  badges();
}

function begin(news) {
  page.look = LOOKS[news.app.kind];
  document.title = `${news.app.name} · ${page.look.name}模拟`;
  document.body.dataset.platform = news.app.kind;
  document.querySelector("link[rel=icon]").href = page.look.icon;
  page.app = news.app;
  page.phones.clear();
  document.getElementById("drawers").replaceChildren();
  page.faults = new FaultDrawer(page.look.example);
  page.traffic = new TrafficDrawer();
  const drawers = { faults: page.faults, traffic: page.traffic };
  const only = (name) => Object.entries(drawers).forEach(([one, drawer]) => drawer.toggle(one === name && !drawer.open));
  page.toolbar = new Toolbar(news.app, page.look, only);
  for (const person of news.people) page.phones.set(person.userid, new page.look.Phone(person, news.app.name, news.people));
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]").filter((userid) => page.phones.has(userid));
  const first = news.people.slice(0, AT_FIRST).map((person) => person.userid);
  page.shown = new Set(kept.length ? kept : first);
  arrange();
}

/** Whose phone an item belongs to; a platform may know phones that are nobody's. */
function phoneOf(userid, news) {
  const guest = page.phones.has(userid) ? null : page.look.guest(userid, news);
  if (guest) {
    page.phones.set(userid, new page.look.Phone(guest.person, guest.title, []));
    arrange();
  }
  return page.phones.get(userid);
}

function choose(userid) {
  if (NARROW.matches) page.shown = new Set([userid]);
  else if (page.shown.has(userid)) page.shown.delete(userid);
  else page.shown.add(userid);
  if (!page.shown.size) page.shown.add(userid);
  sessionStorage.setItem(KEPT, JSON.stringify([...page.shown]));
  arrange();
}

function arrange() {
  if (NARROW.matches) page.shown = new Set([...page.shown].slice(0, 1));
  const chips = [...page.phones.values()].map(({ person }) => chip(person));
  document.getElementById("people").replaceChildren(...chips);
  const phones = [...page.phones.values()].filter(({ person }) => page.shown.has(person.userid));
  const stage = document.getElementById("stage");
  stage.dataset.count = phones.length;
  stage.replaceChildren(...phones.map((phone) => phone.node));
  for (const phone of phones) {
    phone.unread = 0;
    phone.toEnd();
  }
  badges();
}

function chip(person) {
  const badge = h("b", { hidden: true });
  page.chips.set(person.userid, badge);
  const pressed = String(page.shown.has(person.userid));
  const click = () => choose(person.userid);
  return h("button", { type: "button", "aria-pressed": pressed, on: { click } }, avatar(person, "small"), person.name, h("small", {}, person.role), badge);
}

function badges() {
  for (const [userid, badge] of page.chips) {
    const unread = page.phones.get(userid)?.unread ?? 0;
    badge.hidden = !unread;
    badge.textContent = unread > 99 ? "99+" : unread;
  }
}

function deliver(events) {
  const latest = new Map();
  for (const event of events) latest.set(event.userid, { ...event, key: `${event.event_id} ${event.outcome} ${event.attempts}` });
  for (const [userid, event] of latest) page.phones.get(userid)?.delivery(event);
}

function tick() {
  page.toolbar?.tick();
  for (const phone of page.phones.values()) phone.tick();
}

setInterval(tick, 1000);
NARROW.addEventListener("change", arrange);
follow();
