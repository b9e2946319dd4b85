import { happens, localStorage, sessionStorage } from "./standins.mjs";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import * as visit from "../../generator/web/visit.mjs";

const signal = () => new AbortController().signal;

beforeEach(() => {
  sessionStorage.refuse = "";
  localStorage.refuse = "";
  visit.remember(false);
  visit.clear();
});

/** What was typed, as a browser keeps it. @param {typeof sessionStorage} storage */
const kept = (storage) => storage.contents.flatMap(({ entries }) => entries.map(({ key, value }) => [key, value]));

test("each thing that is typed has a place of its own", () => {
  visit.setAnswer("Name", "Ann");
  visit.setAnswer("Name", "Bea", 1);
  visit.setPeople(2);
  visit.setAnswer(visit.ADDRESS, "a@example.org");
  visit.setDay("interview", "2026-11-02");
  assert.deepEqual([visit.answer("Name"), visit.answer("Name", 1)], ["Ann", "Bea"]);
  assert.deepEqual([visit.people(), visit.answer(visit.ADDRESS), visit.day("interview"), visit.day("time")], [2, "a@example.org", "2026-11-02", ""]);
});

test("there is always somebody to write to, and never a crowd", () => {
  for (const [count, expected] of [[0, 1], [-3, 1], [7, 7], [500, visit.MOST_PEOPLE], [NaN, 1]]) {
    visit.setPeople(count);
    assert.equal(visit.people(), expected);
  }
});

test("the tab keeps what is typed, the device only when it is asked to", () => {
  visit.setAnswer("Company", "Acme");
  assert.ok(visit.keepNow());
  assert.deepEqual(kept(sessionStorage), [["Company", "Acme"]]);
  assert.deepEqual(kept(localStorage), []);
  visit.remember(true);
  assert.deepEqual(kept(localStorage), [["Company", "Acme"]]);
  visit.remember(false);
  assert.deepEqual(kept(localStorage), []);
});

test("a page that is left keeps what was just typed", () => {
  visit.setAnswer("Company", "Acme");
  happens("pagehide");
  assert.deepEqual(kept(sessionStorage), [["Company", "Acme"]]);
});

test("a link fills what is empty and leaves what was typed", () => {
  visit.setAnswer("Company", "Mine");
  visit.setAnswer("Topic", "");
  const stayed = visit.fill(new Map([["Company", "Theirs"], ["Topic", "x"], ["Position", "Clerk"]]));
  assert.equal(stayed, 1);
  assert.deepEqual(["Company", "Topic", "Position"].map((key) => visit.answer(key)), ["Mine", "", "Clerk"]);
  assert.deepEqual([visit.linked("Company"), visit.linked("Position")], [false, true]);
  visit.setAnswer("Position", "Nurse");
  assert.equal(visit.linked("Position"), false);
});

test("clearing can be undone, and what was typed since stays", () => {
  visit.setAnswer("Company", "Acme");
  visit.setAnswer("Topic", "trains");
  const undo = visit.clear();
  assert.equal(visit.answer("Company"), undefined);
  visit.setAnswer("Topic", "ships");
  undo();
  assert.deepEqual([visit.answer("Company"), visit.answer("Topic")], ["Acme", "ships"]);
});

test("of two forms each gets back what it held, but for what was typed since", () => {
  const end = new AbortController();
  const controls = /** @type {any[]} */ ([{ value: "left" }, { value: "right" }]);
  for (const control of controls) {
    const form = {
      values: () => new Map([[control, control.value]]),
      restore: (/** @type {Map<any, string>} */ values) => (control.value = values.get(control)),
    };
    visit.join(form, end.signal);
  }
  const undo = visit.clear();
  controls[0].value = "";
  controls[1].value = "since";
  undo();
  end.abort();
  assert.deepEqual(controls.map(({ value }) => value), ["left", "since"]);
});

test("another company keeps the writer's own words and remembers the company's name", () => {
  visit.describe([{ key: "Your Name", group: "you" }, { key: "Company", group: "them" }]);
  visit.setAnswer("Your Name", "Ann");
  visit.setAnswer("Company", "Acme");
  visit.another(["Company"]);
  assert.deepEqual([visit.answer("Your Name"), visit.answer("Company")], ["Ann", undefined]);
  assert.deepEqual(visit.earlier(), { Company: ["Acme"] });
});

test("who hears of a change is told what it may be about", () => {
  const heard = /** @type {boolean[][]} */ ([]);
  const end = new AbortController();
  visit.subscribe((changed) => heard.push([changed.answer("Company"), changed.answer("Company", 1), changed.people(), changed.answer(visit.ADDRESS)]), end.signal);
  visit.fill(new Map([["Company", "Acme"]]));
  visit.clear();
  end.abort();
  visit.fill(new Map([["Company", "Acme"]]));
  assert.deepEqual(heard, [[true, false, false, false], [true, true, true, true]]);
});

test("typing in one plan is heard by the others", () => {
  let heard = 0;
  const end = new AbortController();
  visit.subscribeToDays(() => (heard += 1), end.signal);
  visit.setDay("time", "10:00");
  visit.setAnswer("Company", "Acme");
  end.abort();
  assert.equal(heard, 1);
});

test("a device without room says so and keeps no older state", () => {
  visit.setAnswer("Company", "Acme");
  visit.remember(true);
  localStorage.refuse = "QuotaExceededError";
  visit.setAnswer("Company", "Acme Inc");
  happens("pagehide");
  assert.deepEqual(visit.state().problem, "full");
  assert.equal(visit.state().remembering, false);
});

test("where nothing can be kept, that is known before a page is left", () => {
  visit.setAnswer("Company", "Acme");
  sessionStorage.refuse = "SecurityError";
  assert.equal(visit.keepNow(), false);
  assert.equal(visit.answer("Company"), "Acme");
});
