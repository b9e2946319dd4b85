import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence } from "../../generator/web/email-form/peek.mjs";

const SEGMENTS = [
  ["text", "Dear ", ""],
  ["filled", "Ms. Lee", "who"],
  ["text", ",\n\nThank you. I liked ", ""],
  ["filled", "the desk", "what"],
  ["text", " at ", ""],
  ["missing", "[Company]", "Company"],
  ["text", ". I hope to hear from you.\n\n", ""],
  ["filled", "A story. Of two sentences.", "story"],
];

const said = (key) => sentence(SEGMENTS, key).map(([, text]) => text).join("");

test("the sentence around an answer is the one that it stands in", () => {
  assert.equal(said("what"), "I liked the desk at [Company].");
  assert.equal(said("Company"), "I liked the desk at [Company].");
});

test("a greeting ends with its line", () => {
  assert.equal(said("who"), "Dear Ms. Lee,");
});

test("an answer of its own is shown whole", () => {
  assert.equal(said("story"), "A story. Of two sentences.");
});

test("without a question there is no sentence", () => {
  assert.equal(said(""), "");
  assert.equal(said("nothing"), "");
});
