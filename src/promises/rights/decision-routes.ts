import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Tx } from '#src/platform/database/database.ts'
import { clean, prose, read, refuse } from '#src/platform/web/form.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { byItself, carryOut, carryOutAfter } from './act.ts'
import { type ShowCase, sayField, wordsFor } from './case-page.ts'
import { type Account, type Case, lockCase, step } from './cases.ts'
import { saysOf } from './copy.ts'
import { correctionsOf } from './corrections.ts'
import { atDesk, type ById, caseAt, casesPath, dpo, staffOf } from './desk.ts'
import { givenOf } from './giving/given.ts'
import { givesCopy } from './giving/ready.ts'
import { lacks, suggestedGround } from './grounds.ts'
import { mentionsOf } from './mentions.ts'
import { propose } from './rights.ts'
import { whyNotErase } from './second.ts'
import { whyWait } from './stands.ts'

const ticked = z.union([z.array(z.string()), z.string().transform(one => [one])]).catch([])
const decided = z.object({
  decision: z.enum(['granted', 'part', 'refused'], 'Select what you decide'),
  ground: z.string().optional(),
  exception: z.string().catch(''),
  part: ticked,
  reasons: prose('The reasons', 5000),
})
const typed = z
  .string()
  .transform(text => clean(text).slice(0, 2000))
  .catch('')
const stillNamed = 'Their name stands in the words of other people’s records; look there'

/** A person decides, with the ground, what stands in the way, and reasons; then it is carried out in every room. */
export async function decisionRoutes(app: FastifyInstance, house: House, show: ShowCase): Promise<void> {
  app.post<ById>(`${casesPath}/:id/decision`, dpo, async (request, reply) => {
    const form = read(decided, request.body)
    const { id } = request.params
    const again = (sentences: { [field: string]: string }) =>
      show(request, reply.code(422), id, { values: request.body, ...refuse(sentences) })
    if (!form.ok) return show(request, reply.code(422), id, { values: request.body, ...form })
    const { decision, exception, reasons } = form.answer
    const wrong = await atDesk(house, request, async (tx, by) => {
      await lockCase(tx, id)
      const { one } = await caseAt(tx, house, by, id)
      if (one.matter === 'unsorted') return { matter: 'Say first what they ask for' }
      if (one.decision) return { decision: 'Someone has decided it meanwhile: see below' }
      if (decision === 'part' && !one.subject && (one.matter === 'erasure' || one.matter === 'objection'))
        return { decision: 'Find the record first: a part of it can only be named when it is known what there is' }
      const ground = form.answer.ground ?? suggestedGround(one.matter) ?? ''
      const part = one.matter === 'withdrawal' || decision === 'part' ? form.answer.part : []
      const missing = lacks(one.matter, { decision, ground, exception, part, reasons })
      if (Object.keys(missing).length) return missing
      await step(
        tx,
        house,
        by,
        id,
        `decided: ${wordsFor(one)[decision].toLowerCase()}`,
        { decision, decided_at: house.clock.now(), decided_by: by.id },
        held => ({ ...held, reasons, ground, exception: decision === 'granted' ? '' : exception, part }),
        decision === 'granted' ? propose(one.matter).citation : '', // what it rests on stands with it, typed or not
      )
      return undefined
    })
    if (wrong) return again(wrong)
    return reply.redirect(`${casesPath}/${id}`, 303)
  })

  app.post<ById>(`${casesPath}/:id/execution`, dpo, async (request, reply) => {
    const { id } = request.params
    const { reason, given } = z.object({ reason: typed, given: typed }).parse(request.body ?? {})
    const outcome = await atDesk(house, request, async (tx, by) => {
      await lockCase(tx, id)
      const { one, account } = await caseAt(tx, house, by, id)
      const { part } = account
      if (!one.decision || one.decision === 'refused' || one.carried_out_at) return 'There is nothing to carry out'
      if (byItself(one, part) && !one.subject) return 'Find the record first'
      const wait = await whyWait(tx, one)
      if (wait) return wait
      const now = house.clock.now()
      const why = whyNotErase(one, by, now, reason)
      if (why) return why
      const undone =
        (await lacksCopy(tx, house, one, account, given)) ?? (await lacksCorrection(tx, house, by, one, given))
      if (undone) return undone
      const others = one.matter === 'erasure' && one.subject ? await mentionsOf(tx, house, one.subject) : []
      await carryOut(tx, house, by, one, part)
      const alone = one.matter === 'erasure' && one.decided_by === by.id
      const second = one.matter === 'erasure' && !alone ? { second_by: by.id, second_at: now } : {}
      const said = [
        ...(alone ? [`Nobody else could look at it: ${reason}`] : []),
        ...(given ? [`${one.matter === 'correction' ? 'What was put right' : 'How they get the copy'}: ${given}`] : []),
        ...(others.length ? [`${stillNamed}: ${others.join(', ')}`] : []),
      ]
      const notes = said.map(text => ({ at: now.toISOString(), text }))
      const act = alone ? 'carried out alone' : 'carried out'
      const set = { carried_out_at: now, ...second }
      const words = part.map(each => (one.matter === 'objection' ? saysOf(each) : sayField(each))).join('; ')
      await step(tx, house, by, id, act, set, held => ({ ...held, notes: [...held.notes, ...notes] }), words)
      return one
    })
    if (typeof outcome === 'string') return show(request, reply.code(422), id, refuse({ execution: outcome }))
    await carryOutAfter(house, staffOf(request), outcome)
    return reply.redirect(`${casesPath}/${id}`, 303)
  })
}

/** Why a correction is not done yet: nothing was put right in the record since it was asked for, and no word says what was. */
async function lacksCorrection(tx: Tx, house: House, by: Actor, one: Case, given: string) {
  if (one.matter !== 'correction' || !one.subject || given) return undefined
  if ((await house.vault.record(one.subject))?.state !== 'alive') return undefined
  const since = one.received_at.toISOString()
  const done = (await correctionsOf(tx, house, by, one.subject)).some(each => each.at >= since)
  return done ? undefined : 'Put it right first, or say what was put right, and where'
}

/** Why a request for a copy is not done yet: the copy was not made ready, or not sent on. A record that is gone has none. */
async function lacksCopy(tx: Tx, house: House, one: Case, { transfer }: Account, given: string) {
  if (!givesCopy(one) || !one.subject || (await house.vault.record(one.subject))?.state !== 'alive') return undefined
  if (one.matter === 'transfer') return transfer?.outcome ? undefined : 'Say first to whom it went, and how that went'
  const made = await givenOf(tx, one.dossier_id)
  return made || given ? undefined : 'Make the copy ready first, or say how they get it'
}
