/** What Python is asked for the email that is shown: see generator/bridge.py. */

import * as visit from "../visit.mjs";
import { readOwn } from "./own-text.mjs";

/**
 * @param {object} form
 * @param {import("../host.mjs").Data} form.data
 * @param {import("./people.mjs").People} form.people
 * @param {import("./questions.mjs").Questions} form.questions
 * @param {import("./wordings.mjs").Wordings} form.wordings
 */
export function requestOf({ data, people, questions, wordings }) {
  const { each, situation, template } = wordings.shown;
  const values = questions.values();
  const own = [people.own(wordings.text), ...(each ? people.othersOwn(wordings.text) : [])].map(readOwn);
  return {
    template,
    values: Object.fromEntries(values),
    situation,
    language: data.language,
    to: people.own(visit.ADDRESS),
    people: each ? people.others(values) : [],
    addresses: each ? people.othersOwn(visit.ADDRESS) : [],
    place: people.current,
    own,
    earlier: visit.earlier(),
  };
}
