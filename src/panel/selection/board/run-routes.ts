import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { roundById } from '../../recruitment/round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { countAll } from '../../representation/routes.ts'
import { cancel } from './carry.ts'
import { chancesOf, proofOf } from './chances.ts'
import { confirm, decide } from './decide.ts'
import { draw } from './draw.ts'
import { groupsOf } from './groups.ts'
import { acceptedOutcome } from './outcome.ts'
import { may } from './permissions.ts'
import { referenceOf } from './reference.ts'
import { CannotRun, type Run, runById } from './run.ts'
import { stateWords } from './state-words.ts'

const officer = { config: { may: may.draw } }
const second = { config: { may: may.confirm } }
type ByRun = { Params: { run: string } }

const decisions = [
  { value: 'accept', text: 'Accept this selection', hint: { text: 'A second person confirms it' } },
  { value: 'set aside', text: 'Set it aside', hint: { text: 'It is kept and shown, with your reason' } },
]

/** One run: how it goes, the draw by public numbers, and the decision of two people on it. */
export async function runRoutes(app: FastifyInstance, house: House): Promise<void> {
  const showRun = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async tx => {
      const run = await runInHand(tx, house, id)
      const round = await roundById(tx, run.round_id)
      const outcomes = await tx
        .selectFrom('selection_place')
        .select(['type', 'outcome'])
        .where('run_id', '=', id)
        .where('outcome', 'in', ['member', 'reserve'])
        .execute()
      return { run, round, outcomes }
    })
    const { run } = shown
    const by = staffOf(request)
    if (run.state === 'running') reply.header('refresh', '5')
    return reply.page('panel/selection/board/run.njk', {
      title: `Run of ${sayInstant(run.started_at)}`,
      crumbs: [
        { text: 'Selection', href: '/staff/selection' },
        { text: shown.round?.name ?? '', href: `/staff/selection/${run.round_id}` },
      ],
      wide: true,
      run,
      tag: stateWords[run.state],
      proof: proofOf(run),
      chances: chancesOf(run),
      groups: groupsOf(run, shown.outcomes),
      reference: referenceOf(run.reference),
      decisions: run.state === 'drawn' ? decisions : decisions.slice(1),
      mine: run.decided_by === by.id,
      canConfirm: run.state === 'drawn' && run.decision === 'accept' && run.decided_by !== by.id,
      ...more,
    })
  }

  app.get<ByRun>('/staff/selection/runs/:run', second, (request, reply) => showRun(request, reply, request.params.run))
  app.post<ByRun>('/staff/selection/runs/:run/cancel', officer, async (request, reply) => {
    await atDesk(house, request, tx => runInHand(tx, house, request.params.run))
    await cancel(house, staffOf(request), request.params.run)
    return reply.redirect(`/staff/selection/runs/${request.params.run}`, 303)
  })
  app.post<ByRun>('/staff/selection/runs/:run/draw', officer, async (request, reply) => {
    const seed = clean(textOf(fieldsOf(request.body), 'seed'))
    await atDesk(house, request, tx => runInHand(tx, house, request.params.run))
    try {
      if (seed.length < 6 || seed.length > 200)
        throw new CannotRun('Enter the public numbers: at least 6 characters, at most 200')
      await draw(house, staffOf(request), request.params.run, seed)
      return reply.redirect(`/staff/selection/runs/${request.params.run}`, 303)
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error
      return showRun(request, reply.code(422), request.params.run, { seed, ...refuse({ seed: error.message }) })
    }
  })
  app.post<ByRun>('/staff/selection/runs/:run/decision', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const decision = z.enum(['accept', 'set aside']).safeParse(fields.decision)
    const because = clean(textOf(fields, 'because'))
    const wrong = !decision.success
      ? { decision: 'Select what you decide' }
      : decision.data === 'set aside' && !because
        ? { because: 'Enter why it is set aside: the public will read it' }
        : because.length > 500
          ? { because: 'The reason must be 500 characters or fewer' }
          : undefined
    if (wrong || !decision.success)
      return showRun(request, reply.code(422), request.params.run, { values: fields, ...refuse(wrong ?? {}) })
    await atDesk(house, request, async (tx, by) => {
      await runInHand(tx, house, request.params.run)
      await decide(tx, house, by, request.params.run, decision.data, because)
    })
    return reply.redirect(`/staff/selection/runs/${request.params.run}`, 303)
  })
  app.post<ByRun>('/staff/selection/runs/:run/confirmation', second, async (request, reply) => {
    const yes = textOf(fieldsOf(request.body), 'confirm') === 'yes'
    const confirmed = await atDesk(house, request, async (tx, by) => {
      const run = await runInHand(tx, house, request.params.run)
      return (await confirm(tx, house, by, run.id, yes)) && yes ? run : undefined
    })
    if (confirmed) await countOutcome(house, staffOf(request), confirmed)
    return reply.redirect(`/staff/selection/runs/${request.params.run}`, 303)
  })
}

/** Equality monitoring, after the draw and apart from it: pool and panel in groups that tell of nobody. */
async function countOutcome(house: House, by: Parameters<typeof countAll>[2], run: Run): Promise<void> {
  if (run.seated || !by.roles.some(role => role === 'officer' || role === 'analyst')) return // a few people tell of each
  await within(house, { by, for: 'representativeness' }, async tx => {
    const pool = await tx.selectFrom('selection_place').select('dossier_id').where('run_id', '=', run.id).execute()
    const outcome = await acceptedOutcome(tx, run.round_id)
    const named = { of: run.round_id } as const
    await countAll(
      tx,
      house,
      by,
      { ...named, name: 'pool' },
      pool.map(one => one.dossier_id),
    )
    await countAll(tx, house, by, { ...named, name: 'panel' }, outcome?.members ?? [])
  })
}

async function runInHand(tx: Tx, house: House, id: string): Promise<Run> {
  const run = z.uuid().safeParse(id).success ? await runById(tx, house, id) : undefined
  if (!run) throw notFound()
  return run
}
