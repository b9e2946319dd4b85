import "./standins.mjs";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { People } from "../../generator/web/email-form/people.mjs";
import * as visit from "../../generator/web/visit.mjs";

const NAME = { key: "Name", name: "Name", id: "1", group: "them", each: true, person: true, kind: "name" };
const TOPIC = { ...NAME, key: "Topic", name: "Topic", person: false, kind: "text" };
const COMPANY = { ...TOPIC, key: "Company", name: "Company", each: false };
const people = () => new People([NAME, TOPIC, COMPANY], (key) => (key === "person" ? "Person {number}" : key), ["#text"]);

beforeEach(() => visit.clear());

/** A panel with these names. @param {...string} names */
function panel(...names) {
  const all = people();
  names.forEach((name, index) => {
    if (index) all.add();
    all.note(NAME, name);
    visit.setAnswer(NAME.key, name, index);
  });
  return all;
}

/** @param {People} all */
const names = (all) => Array.from({ length: all.count }, (_, index) => all.name(index));

test("a person without a name is called by their number", () => {
  assert.deepEqual(names(panel("Ann", "", "Cem")), ["Ann", "Person 2", "Cem"]);
});

test("who is removed takes their answers along, and the visit knows", () => {
  const all = panel("Ann", "Bea", "Cem");
  all.current = 1;
  all.noteOwn(visit.ADDRESS, "bea@example.org");
  const undo = all.remove();
  assert.deepEqual(names(all), ["Ann", "Cem"]);
  assert.equal(all.current, 1);
  assert.equal(visit.people(), 2);
  assert.deepEqual([visit.answer("Name", 0), visit.answer("Name", 1)], ["Ann", "Cem"]);
  assert.equal(visit.answer(visit.ADDRESS, 1), "");
  undo();
  assert.deepEqual(names(all), ["Ann", "Bea", "Cem"]);
  assert.equal(all.current, 1);
  assert.deepEqual([visit.people(), all.own(visit.ADDRESS)], [3, "bea@example.org"]);
});

test("nobody comes back where there is no room", () => {
  const all = panel(...Array.from({ length: visit.MOST_PEOPLE }, (_, index) => `P${index}`));
  const undo = all.remove();
  all.add();
  undo();
  assert.equal(all.count, visit.MOST_PEOPLE);
});

test("each person has an address, and what was changed by hand, of their own", () => {
  const all = panel("Ann", "Bea");
  all.noteOwn(visit.ADDRESS, "bea@example.org");
  all.current = 0;
  assert.equal(all.own(visit.ADDRESS), "");
  assert.deepEqual(all.othersOwn(visit.ADDRESS), ["bea@example.org"]);
  assert.deepEqual(all.others(new Map()), [{ Name: "Bea" }]); // and it is no answer
});

test("the emails to the others hold what is theirs and what all have in common", () => {
  const all = panel("Ann", "Bea");
  all.note(TOPIC, "trains");
  all.current = 0;
  const values = new Map([["Name", "Ann"], ["Topic", "ships"], ["Company", "Acme"]]);
  assert.deepEqual(all.others(values), [{ Name: "Bea", Topic: "trains", Company: "Acme" }]);
});

test("what the visit knows is there on the next page", () => {
  panel("Ann", "Bea");
  const next = people();
  next.recall(() => "Ann");
  assert.deepEqual(names(next), ["Ann", "Bea"]);
  assert.equal(next.current, 0);
});

test("only what changed elsewhere is taken in", () => {
  const all = panel("Ann", "Bea");
  visit.setAnswer("Name", "Dan", 0);
  visit.setAnswer("Name", "Eve", 1);
  all.refill({ people: () => false, answer: (key, person = 0) => key === "Name" && person === 1 });
  assert.deepEqual(names(all), ["Ann", "Eve"]);
});
