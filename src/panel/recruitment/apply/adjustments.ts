import { z } from 'zod'
import { londonDate } from '#src/platform/calendar/london.ts'
import { prose, read, ticks } from '#src/platform/web/form.ts'
import { gateOn } from '#src/promises/vault/gate.ts'
import { codesOf, itemsOf, adjustments as options, wordsOf } from '../options.ts'
import { type AdjustmentNeeds, adjustmentsValue } from '../values.ts'
import { type Desk, page } from './page.ts'

/** How much may be written about what would help, in characters. */
export const MOST_WORDS = 1000

export const adjustmentsForm = z.object({
  adjustments: ticks(codesOf(options)),
  words: prose('Your answer', MOST_WORDS),
})

export const adjustments = page({
  path: 'adjustments',
  title: 'What would help you take part? (optional)',
  template: 'adjustments',
  recall: async desk => {
    const held = await ownNeeds(desk)
    return { adjustments: held?.ticked ?? [], words: held?.words }
  },
  view: async (_desk, form) => ({
    items: itemsOf(
      options,
      Array.isArray(form.adjustments) ? form.adjustments.map(String) : [String(form.adjustments ?? '')],
    ),
  }),
  read: async (desk, body) => {
    const form = read(adjustmentsForm, body)
    if (!form.ok) return form
    if (!(await isAsked(desk))) return { ok: true, values: {} }
    const { adjustments: ticked, words } = form.answer
    const says = ticked.length || words ? adjustmentsValue.write({ ticked: [...ticked], words }) : undefined
    return { ok: true, values: { adjustments: says } }
  },
  summary: async desk => {
    const held = await ownNeeds(desk)
    const ticked = held?.ticked.map(code => wordsOf(options, code)) ?? []
    return [{ key: 'What would help you', value: [...ticked, ...(held?.words ? [held.words] : [])].join('; ') }]
  },
})

/** Whether adjustments may be asked about today: a policy document in force, and a condition set. */
export async function isAsked({ tx, house }: Desk): Promise<boolean> {
  return (await gateOn(tx, londonDate(house.clock.now()))).askAdjustments
}

/** A person sees what they said themselves; an officer who types it in for them does not read it back. */
export async function ownNeeds(desk: Desk): Promise<AdjustmentNeeds | undefined> {
  const { tx, house, by, application } = desk
  if (!by.own.includes(application.id)) return undefined
  const ask = { by, for: 'exercise rights', fields: ['adjustments'] } as const
  const [opened] = await house.vault.open(tx, 'panel', ask, [application.id])
  return adjustmentsValue.read(opened?.adjustments?.reveal())
}
