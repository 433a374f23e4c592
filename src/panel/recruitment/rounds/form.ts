import { z } from 'zod'
import { clean, line, prose, type Refusal, read, refuse } from '#src/platform/web/form.ts'
import type { Question, Round } from '../round.ts'
import { textOf } from './desk.ts'
import { faultsOf, NO_QUESTION, type RoundPlan, type Rules, usualRules } from './plan.ts'
import { dateFields, instantFields, type Read, readDate, readInstant } from './when.ts'

type Fields = { [field: string]: unknown }
/** How many questions the form has room for. */
export const MOST_QUESTIONS = 6
const USUAL_LENGTH = 1500
export const ruleNames = ['england', 'landlord', 'terms'] as const

const count = (name: string, least: number) =>
  z
    .string(`Enter the ${name}`)
    .transform(text => text.replace(/[\s,]/g, ''))
    .refine(
      text => /^\d{1,5}$/.test(text) && Number(text) >= least,
      `The ${name} must be a whole number, ${least} or more`,
    )
    .transform(Number)

const plain = z.object({
  name: line('Enter a name for the round', 'Name of the round', 100),
  targetSize: count('number of members', 1),
  reserveSize: count('number of reserves', 0),
  startWords: prose('Text for the start page', 4000),
})

/** Reads the round form: a plan, or what is wrong in one sentence a field. */
export function readPlan(fields: Fields, now: Date): { ok: true; plan: RoundPlan } | Refusal {
  const form = read(plain, fields)
  const faults = Object.fromEntries(form.ok ? [] : Object.entries(form.error).map(([field, { text }]) => [field, text]))
  const keep = <T>(field: string, one: Read<T>): T | undefined => {
    if (one.ok) return one.value
    faults[field] = one.sentence
    return undefined
  }
  const opensAt = keep('opensOn', readInstant(fields, 'opensOn', 'Opening'))
  const closesAt = keep('closesOn', readInstant(fields, 'closesOn', 'Closing'))
  const termStartsOn = keep('termStartsOn', readDate(fields, 'termStartsOn', 'Term start date'))
  const questions = readQuestions(fields, faults)
  const rules = readRules(fields, faults)
  if (!form.ok || !opensAt || !closesAt || !termStartsOn) return refuse(inOrder(faults))
  const plan = { ...form.answer, opensAt, closesAt, termStartsOn, questions, rules }
  Object.assign(faults, { ...faultsOf(plan, now), ...faults })
  return Object.keys(faults).length ? refuse(inOrder(faults)) : { ok: true, plan }
}

/** What the form holds for a new round. */
export function emptyForm(): Fields {
  return {
    'opensOn-time': '9am',
    'closesOn-time': '5pm',
    ...ruleFields(usualRules),
    mostCharacters1: String(USUAL_LENGTH),
  }
}

/** What the form holds for a round that is there. */
export function formOf(round: Round, questions: readonly Question[]): Fields {
  const asked = questions.map((one, at) => [
    [`question${at + 1}`, one.title],
    [`hint${at + 1}`, one.hint],
    [`mostCharacters${at + 1}`, String(one.mostCharacters)],
  ])
  return {
    name: round.name,
    ...instantFields('opensOn', round.opensAt),
    ...instantFields('closesOn', round.closesAt),
    ...dateFields('termStartsOn', round.termStartsOn),
    targetSize: String(round.targetSize),
    reserveSize: String(round.reserveSize),
    startWords: round.words.start,
    ...ruleFields(round.rules),
    ...Object.fromEntries(asked.flat()),
  }
}

function ruleFields(rules: Rules): Fields {
  const words = ruleNames.map(name => [`words-${name}`, rules[name].words])
  return {
    rules: ruleNames.filter(name => rules[name].on),
    household: rules.household ? ['on'] : [],
    ...Object.fromEntries(words),
  }
}

function readRules(fields: Fields, faults: Record<string, string>): Rules {
  const ticked = Array.isArray(fields.rules) ? fields.rules : [fields.rules]
  const ruleOf = (name: (typeof ruleNames)[number]) => {
    const words = clean(textOf(fields, `words-${name}`))
    if (words.length > 300) faults[`words-${name}`] = 'The question must be 300 characters or fewer'
    return { on: ticked.includes(name), words: words || usualRules[name].words }
  }
  return {
    england: ruleOf('england'),
    landlord: ruleOf('landlord'),
    terms: ruleOf('terms'),
    household: fields.household === 'on',
  }
}

function readQuestions(fields: Fields, faults: Record<string, string>): RoundPlan['questions'] {
  const questions: RoundPlan['questions'] = []
  for (let at = 1; at <= MOST_QUESTIONS; at++) {
    const title = clean(textOf(fields, `question${at}`))
    const hint = clean(textOf(fields, `hint${at}`))
    const most = Number(textOf(fields, `mostCharacters${at}`).replace(/[\s,]/g, '') || USUAL_LENGTH)
    if (!title && hint) faults[`question${at}`] = 'Enter the question, or take its hint out'
    if (!title) continue
    if (title.length > 300) faults[`question${at}`] = 'The question must be 300 characters or fewer'
    if (hint.length > 500) faults[`hint${at}`] = 'The hint must be 500 characters or fewer'
    if (!Number.isInteger(most) || most < 50 || most > 5000)
      faults[`mostCharacters${at}`] = 'The longest answer must be a whole number from 50 to 5,000 characters'
    questions.push({ title, hint, mostCharacters: most })
  }
  if (!questions.length) faults.question1 ??= NO_QUESTION
  return questions
}

const order = ['name', 'opensOn', 'closesOn', 'termStartsOn', 'targetSize', 'reserveSize', 'startWords']

/** The error summary lists faults in the order of the page; a date's link goes to its first part. */
function inOrder(faults: Record<string, string>): Record<string, string> {
  const place = (field: string) => order.indexOf(field) + 1 || order.length + 1
  return Object.fromEntries(Object.entries(faults).sort(([a], [b]) => place(a) - place(b)))
}
