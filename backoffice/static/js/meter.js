// The live password meter. `assess` gives the level and the reasons that accounts/passwords.py gives for the same text,
// and that module says why each step is taken. The server judges again whatever is said here.

const MAX_LENGTH = 128;
const LOOKED_AT = 72;
const LIGATURES = { œ: "oe", Œ: "OE", æ: "ae", Æ: "AE", ß: "ss", ẞ: "SS" };
const DISGUISES = "4@8({[<3691!|0$5+7%2";
const DISGUISES_READ = 10;
const LEAST_BESIDE_OWN_WORDS = 6;
const PLACEHOLDER = "\ufffd";
const WORDS = { weak: "Sécurité faible", medium: "Sécurité moyenne", ok: "Sécurité OK" };
// Milliseconds without a key: before the bar moves, and before screen readers speak.
const PAUSE = 200;
const SPEECH_PAUSE = 1000;

/**
 * Judge a password typed as is.
 * @param {string} password
 * @param {string[]} words the person's own words, in lower case
 * @param {{zxcvbn: Function, strength: object, minimum?: number}} tools zxcvbn 4.4.2 and the content of strength.json
 * @returns {{level: "weak"|"medium"|"ok", missing: string[], reasons: string[]}}
 */
export function assess(password, words, { zxcvbn, strength, minimum = 8 }) {
  const say = (key) => strength.reasons[key].replace("{minimum}", minimum);
  const typed = password.replace(/\p{Surrogate}/gu, PLACEHOLDER);
  if (Array.from(typed).length > MAX_LENGTH) {
    return { level: "weak", missing: [], reasons: [say("too_long")] };
  }
  const text = typed.normalize("NFKC");
  const missing = missingCriteria(text, minimum);
  const reasons = missing.map((name) => say(`missing_${name}`));
  if (!text) return { level: "weak", missing, reasons };
  if (strength.common.includes(text.toLowerCase())) {
    return { level: "weak", missing, reasons: [...reasons, say("common")] };
  }
  const [plain, ownWords] = [unaccented(text), words.map(unaccented)];
  if (isMadeOf(plain.toLowerCase(), ownWords)) {
    return { level: "weak", missing, reasons: [...reasons, say("own_word"), say("add_words")] };
  }
  const readable = ownWords.filter((word) => /^[\0-\x7f]*$/.test(word));
  const verdict = judge(zxcvbn, plain, [...readable, ...strength.french_words]);
  reasons.push(...(verdict.score >= 3 ? [] : new Set(advice(verdict, readable, strength, say))));
  if (missing.length || verdict.score <= 1) return { level: "weak", missing, reasons };
  return { level: verdict.score === 2 ? "medium" : "ok", missing, reasons };
}

/** What screen readers say of a judgement; nothing for an empty field. */
export function spoken(level, reasons) {
  return level ? [WORDS[level], ...reasons].map((text) => text.replace(/\.?$/, ".")).join(" ") : "";
}

/**
 * Speak through a live region, at the end of a burst of typing and never twice the same.
 * @param {{textContent: string}} region
 * @param {number} pause milliseconds of quiet before it speaks
 */
export function announcer(region, pause = SPEECH_PAUSE) {
  let timer = 0;
  const hush = () => clearTimeout(timer);
  const say = (text) => {
    hush();
    timer = setTimeout(() => {
      if (region.textContent !== text) region.textContent = text;
    }, pause);
  };
  return { say, hush };
}

function missingCriteria(text, minimum) {
  const met = {
    length: Array.from(text).length >= minimum,
    upper: /\p{Lu}/u.test(text),
    lower: /\p{Ll}/u.test(text),
    digit: /[0-9]/.test(text),
  };
  return Object.keys(met).filter((name) => !met[name]);
}

// A word of the person is in it, and fewer than six letters and digits remain without them.
function isMadeOf(text, words) {
  const size = (word) => Array.from(word).length;
  const longestFirst = [...words].sort((one, other) => size(other) - size(one));
  const remaining = longestFirst.reduce((rest, word) => rest.replaceAll(word, () => " "), text);
  return remaining !== text && (remaining.match(/[\p{L}\p{N}]/gu) ?? []).length < LEAST_BESIDE_OWN_WORDS;
}

function unaccented(text) {
  const bare = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  return bare.replace(/[œŒæÆßẞ]/g, (letter) => LIGATURES[letter]);
}

function judge(zxcvbn, text, words) {
  const lookedAt = whatZxcvbnReads(text);
  return withoutInheritedNames(() => zxcvbn(lookedAt, words));
}

function whatZxcvbnReads(text) {
  const start = text.replace(/[\u{10000}-\u{10ffff}]|(?![0-9])\p{Nd}/gu, PLACEHOLDER).slice(0, LOOKED_AT);
  const seen = new Set();
  for (let place = 0; place < start.length; place += 1) {
    if (DISGUISES.includes(start[place])) seen.add(start[place]);
    if (seen.size > DISGUISES_READ) return start.slice(0, place);
  }
  return start;
}

// zxcvbn keeps its dictionaries in plain objects, where the names every object inherits would pass for listed words.
function withoutInheritedNames(judgement) {
  const names = ["constructor", "__proto__"];
  const kept = names.map((name) => Object.getOwnPropertyDescriptor(Object.prototype, name));
  names.forEach((name) => delete Object.prototype[name]);
  try {
    return judgement();
  } finally {
    names.forEach((name, place) => Object.defineProperty(Object.prototype, name, kept[place]));
  }
}

function advice(verdict, words, strength, say) {
  const matched = verdict.sequence.filter((match) => match.dictionary_name === "user_inputs");
  const said = [];
  if (matched.some((match) => words.includes(match.matched_word))) said.push(say("own_word"));
  else if (matched.length) said.push(say("french_word"));
  const english = [verdict.feedback.warning, ...verdict.feedback.suggestions].filter(Boolean);
  return [...said, ...english.map((text) => strength.feedback[text.replace(/\.$/, "")])];
}

async function start(meter, settings, strengthUrl) {
  const input = document.getElementById(meter.dataset.meterFor);
  const button = document.querySelector(`[data-meter-submit="${input.id}"]`);
  const answer = await fetch(strengthUrl);
  const tools = { zxcvbn: window.zxcvbn, strength: await answer.json(), minimum: settings.minimum };
  const voice = announcer(meter.querySelector("[data-meter-spoken]"));
  let timer = 0;

  const judged = () => {
    if (!input.value) return ["", []];
    const { level, missing, reasons } = assess(input.value, settings.words, tools);
    const met = tools.strength.reasons.criteria_met.replace("{minimum}", tools.minimum);
    return [level, level !== "ok" && !missing.length ? [met, ...reasons] : reasons];
  };
  const show = () => {
    const [level, reasons] = judged();
    draw(meter, level, reasons);
    voice.say(spoken(level, reasons));
    button.disabled = level !== "ok";
  };
  const soon = () => {
    clearTimeout(timer);
    voice.hush();
    timer = setTimeout(show, PAUSE);
  };
  input.addEventListener("input", soon);
  // A refused password comes back as an empty field under the server's own judgement: leave that in place until typing.
  if (input.value || !meter.dataset.level) show();
  else button.disabled = true;
}

// Writes only what changed.
function draw(meter, level, reasons) {
  const word = meter.querySelector("[data-meter-word]");
  const list = meter.querySelector("[data-meter-reasons]");
  meter.dataset.level = level;
  if (word.textContent !== (WORDS[level] ?? "")) word.textContent = WORDS[level] ?? "";
  const shown = Array.from(list.children, (item) => item.textContent);
  if (shown.join("\n") === reasons.join("\n")) return;
  list.replaceChildren(
    ...reasons.map((reason) => Object.assign(document.createElement("li"), { textContent: reason })),
  );
}

if (typeof document !== "undefined") {
  const meter = document.querySelector("[data-meter-for]");
  const settings = document.getElementById("meter-settings");
  const strength = document.querySelector("[data-meter-strength]");
  // Without the library or its data the button stays usable: the server judges.
  if (meter && settings && strength && window.zxcvbn) {
    start(meter, JSON.parse(settings.textContent), strength.dataset.meterStrength);
  }
}
