import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { readDay } from '#src/platform/calendar/day.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { prose, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import { draftAsk } from './answer.ts'
import type { ShowCase } from './case-page.ts'
import { type Account, type LetterKind, type Step, step, type WriteToRequester } from './cases.ts'
import { atDesk, type ById, caseAt, casesPath, dpo } from './desk.ts'
import { setAside, tellLifting } from './lifting.ts'
import { dueOf } from './next.ts'
import { eightRights } from './rights.ts'

const form = z.object({
  what: z.string().catch(''),
  words: prose('What you wrote', 3000),
  on: z.string().default(''),
})

/** A step that is written to the person, with the words that it needs and why. */
const writes: Partial<
  Record<string, { letter: LetterKind; act: string; empty: string; set: (today: string) => Step }>
> = {
  'ask-identity': {
    letter: 'identity',
    act: 'proof of identity asked',
    empty: 'Enter why you doubt who they are: proof may be asked for only where the doubt is reasonable',
    set: today => ({ identity_asked_on: today }),
  },
  'ask-more': {
    letter: 'clarification',
    act: 'clarification asked',
    empty: 'Enter what you need to know: it goes into the letter',
    set: today => ({ clarification_asked_on: today }),
  },
  extend: {
    letter: 'extension',
    act: 'extended by two months, and told so',
    empty: 'Enter why it takes longer: it goes into the letter',
    set: today => ({ extended_on: today }),
  },
}

/** A step with the day on which it happened, which may be before today. */
const dated: Partial<
  Record<string, { act: string; asked: 'identity_asked_on' | 'clarification_asked_on'; set: (on: string) => Step }>
> = {
  'identity-proved': {
    act: 'identity proved',
    asked: 'identity_asked_on',
    set: on => ({ identity_received_on: on }),
  },
  'more-came': {
    act: 'clarification came',
    asked: 'clarification_asked_on',
    set: on => ({ clarification_answered_on: on }),
  },
}

/** The steps between receipt and decision, and the ways in which a case ends without an answer. */
export async function stepRoutes(
  app: FastifyInstance,
  house: House,
  write: WriteToRequester,
  show: ShowCase,
): Promise<void> {
  app.post<ById>(`${casesPath}/:id/step`, dpo, async (request, reply) => {
    const { id } = request.params
    const given = read(form, request.body)
    if (!given.ok) return show(request, reply.code(422), id, { values: request.body, ...given })
    const { what, words, on } = given.answer
    const field = (name: string) => `${what}-${name}`
    const refused = await atDesk(house, request, async (tx, by) => {
      const { one, requester, account } = await caseAt(tx, house, by, id)
      const today = londonDate(house.clock.now())
      const simple = (act: string, set: Step, change?: (held: Account) => Account) =>
        step(tx, house, by, id, act, set, change, words)
      const writing = writes[what]
      if (writing) {
        if (what === 'extend' && today > (dueOf(one).notice_by ?? today))
          return { [field('words')]: 'It is too late to extend: the notice had to be given before' }
        if (!words) return { [field('words')]: writing.empty }
        const text = draftAsk({ ...one, ...writing.set(today) }, requester.name, writing.letter, words)
        const done = await simple(writing.act, writing.set(today), held => ({
          ...held,
          letters: [...held.letters, { at: house.clock.now().toISOString(), what: writing.letter, text }],
        }))
        if (done && requester.reach.includes('@'))
          await write(tx, id, 'rights update', { reference: one.reference, letter: String(account.letters.length) })
        return undefined
      }
      const came = dated[what]
      if (came) {
        const asked = one[came.asked]
        const day = on ? readDay(on) : today
        if (!asked) return { [field('on')]: 'It was not asked for' }
        if (!day) return { [field('on')]: 'Enter the day it came, like 25 November 2026' }
        if (day > today) return { [field('on')]: 'The day it came must not be in the future' }
        if (day < asked) return { [field('on')]: 'It cannot have come before it was asked for' }
        await simple(came.act, came.set(day))
        return undefined
      }
      const now = house.clock.now()
      switch (what) {
        case 'lift':
          if (!setAside(one)) throw notFound()
          if (!words) return { [field('words')]: 'Enter why the record is used again: it goes into the letter' }
          await tellLifting(tx, house, by, id, words, write)
          return undefined
        case 'acknowledge':
          await simple('acknowledged', { acknowledged_at: now })
          return undefined
        case 'rung': {
          if (one.matter !== 'ring back') throw notFound()
          if (!words) return { [field('words')]: 'Enter what came of the call' }
          await simple('rung', { decision: 'granted', decided_at: now, decided_by: by.id, closed_at: now })
          return undefined
        }
        case 'no-request':
          if (one.matter !== 'unsorted') throw notFound()
          if (!words) return { [field('words')]: 'Enter why it is no request' }
          await simple('closed, as it asks for nothing', { closed_at: now })
          return undefined
        case 'taken-back':
          if (!words) return { [field('words')]: 'Enter how and when they took it back' }
          await simple('closed, as they took it back', { closed_at: now })
          return undefined
        case 'close':
          if (!one.answered_at) return { what: 'Write and send the answer first' }
          await simple('closed', { closed_at: now })
          return undefined
        default:
          throw notFound()
      }
    })
    if (refused) return show(request, reply.code(422), id, { values: request.body, ...refuse(refused) })
    return reply.redirect(`${casesPath}/${id}`, 303)
  })

  app.post<ById>(`${casesPath}/:id/matter`, dpo, async (request, reply) => {
    const sorting = z.object({ matter: z.enum([...eightRights, 'complaint'], 'Select what they ask for') })
    const given = read(sorting, request.body)
    const { id } = request.params
    if (!given.ok) return show(request, reply.code(422), id, { values: request.body, ...given })
    const { matter } = given.answer
    const sorted = await atDesk(house, request, async (tx, by) => {
      const { one } = await caseAt(tx, house, by, id)
      if (one.matter !== 'unsorted' && one.matter !== 'ring back') return false
      return step(tx, house, by, id, `sorted: ${matter}`, { matter })
    })
    if (!sorted) throw notFound()
    return reply.redirect(`${casesPath}/${id}`, 303)
  })
}
