import "./standins.mjs";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { People } from "../../generator/web/email-form/people.mjs";
import * as visit from "../../generator/web/visit.mjs";

const NAME = { key: "Name", name: "Name", id: "1", group: "them", each: true, person: true, kind: "name" };
const TOPIC = { ...NAME, key: "Topic", name: "Topic", person: false, kind: "text" };
const COMPANY = { ...TOPIC, key: "Company", name: "Company", each: false };
const people = () => new People([NAME, TOPIC, COMPANY], (key) => (key === "person" ? "Person {number}" : key));

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

test("who is moved or removed takes their answers along, and the visit knows", () => {
  const all = panel("Ann", "Bea", "Cem");
  all.current = 0;
  all.move(1);
  assert.deepEqual(names(all), ["Bea", "Ann", "Cem"]);
  assert.equal(all.current, 1);
  all.remove();
  assert.deepEqual(names(all), ["Bea", "Cem"]);
  assert.equal(visit.people(), 2);
  assert.deepEqual([visit.answer("Name", 0), visit.answer("Name", 1)], ["Bea", "Cem"]);
});

test("nobody is moved over the edge", () => {
  const all = panel("Ann", "Bea");
  all.move(1);
  assert.deepEqual(names(all), ["Ann", "Bea"]);
  all.current = 0;
  all.move(-1);
  assert.deepEqual(names(all), ["Ann", "Bea"]);
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
  all.refill({ people: () => false, address: () => false, answer: (key, person = 0) => key === "Name" && person === 1 });
  assert.deepEqual(names(all), ["Ann", "Eve"]);
});
