// The business reads its clock in China, whatever zone the browser sits in.

const ZONE = 8 * 3600;
const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

let known = { unix: Date.now() / 1000, at: performance.now() };

/** Remember the platform's time as of this moment. */
export function setClock(unix) {
  known = { unix, at: performance.now() };
}

/** The platform's present time in unix seconds. */
export function nowUnix() {
  return known.unix + (performance.now() - known.at) / 1000;
}

/** Split an instant into what people read. */
export function inChina(unix) {
  const date = new Date((unix + ZONE) * 1000);
  const two = (number) => String(number).padStart(2, "0");
  return {
    day: Math.floor((unix + ZONE) / 86400),
    date: `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`,
    year: date.getUTCFullYear(),
    weekday: WEEKDAYS[date.getUTCDay()],
    hm: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    s: two(date.getUTCSeconds()),
  };
}

/** Seconds until half past eight tomorrow, or this morning when it is still night. */
export function untilMorning(unix) {
  const start = Math.floor((unix + ZONE) / 86400) * 86400 - ZONE;
  return start + 86400 + 8.5 * 3600 - unix;
}

/** The line between messages: the hour today, else the day with it. */
export function separator(unix) {
  const then = inChina(unix);
  const now = inChina(nowUnix());
  if (then.day === now.day) return then.hm;
  if (then.day === now.day - 1) return `昨天 ${then.hm}`;
  return `${then.date} ${then.weekday} ${then.hm}`;
}
