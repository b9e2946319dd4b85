// Reads what the kit writes with parsers that have nothing to do with it.
// In: {"eml": [text], "ics": [text], "urls": [text], "addresses": [text]} as JSON; out: for each text, what every parser read.

import addresses from "email-addresses";
import parseMime from "emailjs-mime-parser";
import ICAL from "ical.js";
import { simpleParser } from "mailparser";
import ical from "node-ical";
import PostalMime from "postal-mime";
import { convertIcsCalendar } from "ts-ics";
import { text } from "node:stream/consumers";

const input = JSON.parse(await text(process.stdin));

const header = (value) => value ?? "";

async function readEml(source) {
  const postal = await PostalMime.parse(source);
  const mailparser = await simpleParser(source);
  const mime = (parseMime.default ?? parseMime)(source);
  return {
    "postal-mime": {
      names: postal.headers.map((h) => h.key),
      subject: header(postal.subject),
      body: postal.text ?? "",
      to: (postal.to ?? []).map((a) => a.address),
    },
    mailparser: {
      names: mailparser.headerLines.map((h) => h.key),
      subject: header(mailparser.subject),
      body: mailparser.text ?? "",
      to: (mailparser.to?.value ?? []).map((a) => a.address),
    },
    emailjs: {
      names: Object.keys(mime.headers),
      subject: header(mime.headers.subject?.[0].value),
      body: new TextDecoder("utf-8", { ignoreBOM: true }).decode(mime.content),
      to: (mime.headers.to?.[0].value ?? []).map((a) => a.address),
    },
  };
}

const two = (n) => String(n).padStart(2, "0");
// Both take a floating time for one of this process's zone, which is UTC here.
const stamp = (d) => d.toISOString().slice(0, 19);
const day = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
const seconds = (d) =>
  (d.before ? -1 : 1) *
  ((((d.weeks ?? 0) * 7 + (d.days ?? 0)) * 24 + (d.hours ?? 0)) * 3600 + (d.minutes ?? 0) * 60 + (d.seconds ?? 0));

function readIcs(source) {
  const root = new ICAL.Component(ICAL.parse(source));
  const viaIcal = root.getAllSubcomponents("vevent").map((event) => ({
    uid: event.getFirstPropertyValue("uid"),
    names: event.getAllProperties().map((p) => p.name).sort(),
    start: event.getFirstPropertyValue("dtstart").toString(),
    floating: event.getFirstPropertyValue("dtstart").zone === ICAL.Timezone.localTimezone,
    stamp: event.getFirstPropertyValue("dtstamp").toString(),
    summary: event.getFirstPropertyValue("summary"),
    description: event.getFirstPropertyValue("description"),
    alarms: event.getAllSubcomponents("valarm").map((a) => a.getFirstPropertyValue("trigger").toSeconds()),
  }));
  const viaNode = Object.values(ical.sync.parseICS(source))
    .filter((item) => item.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      start: event.datetype === "date" ? day(event.start) : stamp(event.start),
      stamp: `${stamp(event.dtstamp)}Z`,
      summary: event.summary,
      description: event.description,
      alarms: event.alarms.length,
    }));
  // ts-ics looks for these words anywhere, not only at a line's beginning: it is not asked then.
  const misleading = /[^\n](BEGIN|END):V/.test(source.replaceAll("\r\n ", ""));
  const viaTs = (misleading ? { events: [] } : convertIcsCalendar(undefined, source)).events.map((event) => ({
    uid: event.uid,
    start: event.start.type === "DATE" ? event.start.date.toISOString().slice(0, 10) : stamp(event.start.date),
    stamp: `${stamp(event.stamp.date)}Z`,
    summary: event.summary,
    description: event.description,
    alarms: event.alarms.map((a) => seconds(a.trigger.value)),
  }));
  return { "ical.js": viaIcal, "node-ical": viaNode, ...(misleading ? {} : { "ts-ics": viaTs }) };
}

function readUrl(source) {
  const url = new URL(source);
  // URLSearchParams is for forms, where + is a space; mail programs decode the percent signs only.
  const plain = url.search.slice(1).split("&").filter(Boolean).map((p) => p.split("=").map(decodeURIComponent));
  return {
    href: url.href,
    hash: url.hash,
    origin: url.origin,
    path: url.protocol === "mailto:" ? decodeURIComponent(url.pathname) : url.pathname,
    form: [...url.searchParams],
    plain,
  };
}

const output = { eml: [], ics: [], urls: [], addresses: [] };
for (const source of input.eml ?? []) output.eml.push(await readEml(source));
for (const source of input.ics ?? []) output.ics.push(readIcs(source));
for (const source of input.urls ?? []) output.urls.push(readUrl(source));
for (const source of input.addresses ?? []) output.addresses.push(addresses.parseOneAddress(source)?.address ?? null);
process.stdout.write(JSON.stringify(output));
