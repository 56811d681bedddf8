// Judges, with the browser's own code, each [password, words, minimum] of the JSON list given on standard input; with the
// argument "aloud", types them one by one, `minimum` milliseconds apart, and tells what a screen reader was given to say.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { announcer, assess, spoken } from "../../backoffice/static/js/meter.js";

const root = new URL("../../", import.meta.url);
const zxcvbn = createRequire(import.meta.url)(new URL("backoffice/static/vendor/zxcvbn/zxcvbn.js", root).pathname);
const strength = JSON.parse(readFileSync(new URL("accounts/static/accounts/strength.json", root)));
const cases = JSON.parse(readFileSync(0));

const judged = ([password, words, minimum]) => assess(password, words, { zxcvbn, strength, minimum });

// A quarter of the page's own pause, so that the test does not wait.
async function heard() {
  const said = [];
  const region = { set textContent(text) { said.push(text); }, get textContent() { return said.at(-1) ?? ""; } };
  const voice = announcer(region, 250);
  for (const [password, words, pause] of cases) {
    voice.hush();
    const { level, reasons } = judged([password, words, 8]);
    voice.say(spoken(level, reasons));
    await new Promise((resume) => setTimeout(resume, pause));
  }
  return said;
}

const answers = process.argv[2] === "aloud" ? await heard() : cases.map(judged);
process.stdout.write(JSON.stringify(answers));
