import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { applicantsOf } from '../../recruitment/application.ts'
import { fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { crumbs, onRound, type Reviewers, view } from '../desk.ts'
import { effectOf } from '../effect.ts'
import { may } from '../permissions.ts'
import { reviewOf } from '../setup.ts'
import { digestOf } from '../shortlist.ts'
import type { Alone } from '../tables.ts'
import { sayAct } from './acts.ts'
import { actOf, aloneFrom, aloneReasons, confirm, drop, fitting } from './confirm.ts'
import { CannotDecide } from './decide.ts'
import { wordsAt, wordsOf } from './words.ts'

type ByAct = { Params: { round: string; act: string } }
const second = { config: { may: may.confirm } }

/** A decision about many, as the second person sees it: who, how many, why and what it does to groups. */
export async function secondRoutes(app: FastifyInstance, house: House, staff: Reviewers): Promise<void> {
  const show = async (request: FastifyRequest<ByAct>, reply: FastifyReply, more: object = {}) => {
    const me = staffOf(request)
    const shown = await onRound(house, request, async (tx, by, round) => {
      const act = await actIn(tx, round.id, request.params.act)
      const rows = act.state === 'waiting' ? await fitting(tx, act) : await peopleOf(tx, act.id)
      const [first] = rows
      const words = first ? (await wordsOf(tx, house, [first.id])).get(first.id) : undefined
      const all = await applicantsOf(tx, round.id)
      const names = new Map((await staff(tx, house, by)).map(one => [one.id, one.name]))
      const seed = (await reviewOf(tx, round.id))?.seed ?? round.id
      return { round, act, rows, all, seed, names, words: wordsAt(words, act.decided_at) }
    })
    const { act, round, rows } = shown
    const own = act.decided_by === me.id
    const isChoice = act.state === 'waiting' && (act.verdict === 'eligible' || act.verdict === 'not this time')
    const ids = rows.map(row => row.id)
    return reply.page(view('deciding/waiting'), {
      title: act.state === 'waiting' ? 'Confirm a decision' : 'A decision about several applications',
      crumbs: me.roles.includes('officer')
        ? [...crumbs, { text: 'Decisions', href: `/staff/review/${round.id}/decisions` }]
        : [],
      round,
      act: sayAct(act, shown.names),
      words: shown.words,
      rows,
      left: act.state === 'waiting' ? act.count - rows.length : 0,
      own,
      isOfficer: me.roles.includes('officer'),
      mayAlone: own && house.clock.now() >= aloneFrom(act),
      from: sayInstant(aloneFrom(act)),
      alone: Object.entries(aloneReasons).map(([value, text]) => ({ value, text })),
      digest: digestOf(ids),
      effect: isChoice && ids.length ? await effectOf(house, shown.seed, shown.all, ids) : [],
      ...more,
    })
  }
  app.get<ByAct>('/staff/review/:round/decisions/waiting/:act', second, (request, reply) => show(request, reply))
  const end = async (
    request: FastifyRequest<ByAct>,
    reply: FastifyReply,
    work: (tx: Tx, by: Actor, act: string) => Promise<void>,
  ) => {
    const { round, act } = request.params
    try {
      await onRound(house, request, async (tx, by, found) => work(tx, by, (await actIn(tx, found.id, act)).id))
    } catch (error) {
      if (!(error instanceof CannotDecide)) throw error
      return show(request, reply.code(422), refuse({ alone: error.message }))
    }
    return reply.redirect(`/staff/review/${round}/decisions/waiting/${act}`, 303)
  }
  app.post<ByAct>('/staff/review/:round/decisions/waiting/:act/confirmation', second, (request, reply) => {
    const fields = fieldsOf(request.body)
    const alone = Object.keys(aloneReasons).find(one => one === textOf(fields, 'alone')) as Alone | undefined // checked by the list
    const isSeen = (ids: readonly string[]) => digestOf(ids) === textOf(fields, 'digest')
    return end(request, reply, (tx, by, act) => confirm(tx, house, by, act, isSeen, alone))
  })
  app.post<ByAct>('/staff/review/:round/decisions/waiting/:act/refusal', second, (request, reply) =>
    end(request, reply, (tx, by, act) => drop(tx, house, by, act)),
  )
}

async function actIn(tx: Tx, round: string, id: string) {
  const act = await actOf(tx, id)
  if (act?.round_id !== round) throw notFound()
  return act
}

function peopleOf(tx: Tx, act: string): Promise<{ id: string; reference: string }[]> {
  return tx
    .selectFrom('decision')
    .innerJoin('application', 'application.dossier_id', 'decision.dossier_id')
    .select(['decision.dossier_id as id', 'application.reference'])
    .where('decision.act', '=', act)
    .orderBy('application.reference')
    .execute()
}
