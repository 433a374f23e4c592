import { councils } from '#src/panel/recruitment/councils.ts'
import type { Applicant } from '#src/panel/recruitment/import/read.ts'
import { ageRanges, codesOf, genders, tenancies } from '#src/panel/recruitment/options.ts'
import type { Question } from '#src/panel/recruitment/round.ts'
import { adjustmentsValue, answersValue } from '#src/panel/recruitment/values.ts'

const first =
  'Abena Aidan Aisha Alan Alice Amir Angela Anjali Anna Ben Bola Brenda Carl Cheryl Chi Colin Dalia Daniel Dawn Derek Ela Emma Errol Esther Farah Frank Gita Gloria Hamza Hannah Ian Ines Iris Jack Jaspreet Joan Joe Kofi Kate Kwame Leroy Lin Lola Maria Mark Maya Mei Mohammed Nadia Nina Norah Owen Pat Paul Rania Ravi Rosa Sadia Sam Sheila Stan Tariq Tess Una Vera Wes Yusuf Zoe'.split(
    ' ',
  )
const last =
  'Adu Ahmed Ali Allen Bailey Baker Begum Bell Brown Chan Clarke Cole Collins Cooper Cox Das Davies Evans Fox Ghosh Grant Green Hall Harris Hill Hughes Hussain Islam James Jones Kaur Khan King Kowalska Lee Lewis Malik Marsh Mensah Mills Moore Morgan Nowak Obi Owusu Page Patel Price Quinn Reid Rose Shah Singh Smith Stone Taylor Turner Walsh Ward Watson West White Wood Wright Young'.split(
    ' ',
  )
const homes = [
  'Mine is a good home with a bad boiler. Four engineers came in one winter, and none of them read what the last had written.',
  'We have lived here for eleven years. The caretaker knows everyone; the office knows nobody.',
  'My landlord answers quickly now, since a group of us wrote down what “soon” meant to each of us.',
  'The lift was out for nine weeks. I carried shopping for three neighbours and kept a diary of every promise.',
  'I moved in last year. The first letter I had used four words that I had to look up.',
  'Damp, mostly. They painted over it twice. The third time someone looked for the leak.',
  'It is quiet and it is warm and I can afford it, and I would like that to be ordinary.',
  'Repairs are fine. It is being told that is hard: I find out by seeing the van.',
  'Service charges go up each spring, and each spring I ask what for.',
  'My landlord merged with another. We are a number in somebody’s system and the number is wrong.',
] as const
const brings = [
  'I run the tenants’ table at our community centre, and hear from people who do not write letters.',
  'I was a union rep for twenty years and can sit through a long meeting without shouting.',
  'I read plans and budgets at work; I could help others to ask what a figure means.',
  'I care for my mother and know how services look from a kitchen at ten at night.',
  'I am new to this, and will ask the question that everybody else stopped asking.',
  'I set up our block’s message group; two hundred homes, and it is still polite.',
  'I have complained three times and been right twice. I know what the third one taught me.',
  'I can speak for people who share my language and do not speak up in yours.',
  'I write short and I keep dates.',
  'I listen. In a meeting that is rarer than it should be.',
] as const
const ethnic = [
  ['white-british', 58],
  ['white-other', 8],
  ['black-african', 8],
  ['black-caribbean', 5],
  ['asian-pakistani', 4],
  ['asian-bangladeshi', 3],
  ['mixed-white-caribbean', 3],
  ['other-any', 2],
  ['not-said', 9],
] as const
/** Social renting homes by region, thousands (Census 2021, table TS054), so that the crowd lives where residents do. */
const where = {
  E12000001: 258,
  E12000002: 556,
  E12000003: 403,
  E12000004: 303,
  E12000005: 443,
  E12000006: 407,
  E12000007: 791,
  E12000008: 519,
  E12000009: 325,
} as const

/** Invented applicants to two questions, the same each time. Older men of the North answer more often than they live there, as in life. */
export function crowd(count: number, questions: readonly Question[], landlords: readonly string[]): Applicant[] {
  const next = dice(2026)
  const pick = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(next() * all.length)]
    if (one === undefined) throw new Error('There is nothing to pick from.')
    return one
  }
  const weighted = <T>(all: readonly (readonly [T, number])[]): T => {
    let left = next() * all.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of all) {
      left -= weight
      if (left < 0) return value
    }
    return pick(all)[0]
  }
  const ages = codesOf(ageRanges).map((code, i) => [code, [4, 10, 16, 19, 22, 18, 9, 2][i] ?? 1] as const)
  const kinds = codesOf(genders).map((code, i) => [code, [47, 48, 2, 1, 2][i] ?? 1] as const)
  const holds = codesOf(tenancies).map((code, i) => [code, [36, 44, 2, 8, 7, 1, 2][i] ?? 1] as const)
  return Array.from({ length: count }, (_, i) => {
    const name = `${pick(first)} ${pick(last)}`
    const region = weighted(Object.entries(where))
    const ethnicity = weighted(ethnic)
    const [home, bring] = questions
    const answers = {
      ...(home ? { [home.id]: pick(homes) } : {}),
      ...(bring ? { [bring.id]: `${pick(brings)} ${next() < 0.5 ? pick(brings) : ''}`.trim() } : {}),
    }
    const byPhone = next() < 0.08
    const hasPhone = next() < 0.4 || byPhone
    return {
      values: {
        name,
        email: byPhone ? undefined : `${name.toLowerCase().replace(' ', '.')}.${i}@residents.example`,
        phone: hasPhone ? `01632 960 ${String(100 + (i % 900))}` : undefined,
        channel: byPhone ? 'phone' : 'email',
        landlord: pick(landlords),
        tenancy: weighted(holds),
        area: pick(councils.filter(council => council.region === region)).code,
        ageRange: weighted(ages),
        gender: weighted(kinds),
        ethnicity: ethnicity === 'not-said' ? undefined : ethnicity,
        adjustments: next() < 0.2 ? adjustmentsValue.write({ ticked: ['captions'], words: '' }) : undefined,
        answers: answersValue.write(answers),
      },
      receivedOn: undefined,
      landlordUnlisted: false,
      markedSpecial: false,
    }
  })
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
