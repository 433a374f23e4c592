import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import { type Round, roundById, rounds, stateOf } from '../../recruitment/round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { begin } from './begin.ts'
import { features } from './features.ts'
import { type Sources, type Start, startOf } from './field.ts'
import { featureShown } from './groups.ts'
import { may } from './permissions.ts'
import { outlookOf, type Plan, planOf, proposed, savePlan, sayOutlook } from './plan.ts'
import { readPlan } from './read-plan.ts'
import { referenceOf, references } from './reference.ts'
import { CannotRun, type Run, runsOf, sinceAccepted } from './run.ts'
import { runRoutes } from './run-routes.ts'
import { stateWords } from './state-words.ts'

const officer = { config: { may: may.draw } }
const crumbs = [{ text: 'Selection', href: '/staff/selection' }]
const view = (name: string) => `panel/selection/board/${name}.njk`
type ByRound = { Params: { round: string } }

/** The board: quotas from a population, the run, the draw, and the decision of two people on it. */
export async function boardRoutes(app: FastifyInstance, house: House, sources: Sources = {}): Promise<void> {
  app.get('/staff/selection', officer, async (request, reply) => {
    const shown = await atDesk(house, request, async tx => {
      const closed = (await rounds(tx)).filter(round => stateOf(round, house.clock.now()) === 'closed')
      return Promise.all(closed.map(async round => ({ round, last: (await runsOf(tx, house, round.id))[0] })))
    })
    const list = shown.map(({ round, last }) => ({ ...round, tag: last && stateWords[last.state] }))
    return reply.page(view('rounds'), { title: 'Selection', rounds: list })
  })

  const showPlan = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, id)
      const plan = await planOf(tx, round)
      const start = await startOf(tx, house, by, round, plan.size, sources)
      return { round, plan, start, runs: await runsOf(tx, house, round.id) }
    })
    const { candidates, seated, open } = shown.start
    const outlook = candidates.size && open ? await outlookOf(shown.start, planFor(shown.plan, shown.start)) : undefined
    const since = sinceAccepted(shown.runs)
    const standing = since.find(run => ['running', 'committed', 'drawn'].includes(run.state))
    return reply.page(view('plan'), {
      title: `Selection for ${shown.round.name}`,
      crumbs,
      wide: true,
      ...shown,
      pool: candidates.size,
      seated: seated.size,
      open,
      outlook,
      runs: shown.runs.map(runRow),
      drawn: since.some(run => run.drawn_at),
      standing,
      accepted: shown.runs[since.length],
      reference: referenceOf(shown.plan.reference),
      references: references.map(one => ({
        value: one.code,
        text: one.says,
        selected: one.code === shown.plan.reference,
      })),
      features: features.map(feature => featureShown(feature, shown.plan, candidates)),
      ...more,
    })
  }

  app.get<ByRound>('/staff/selection/:round', officer, (request, reply) =>
    showPlan(request, reply, request.params.round),
  )
  app.post<ByRound>('/staff/selection/:round', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const form = readPlan(fields)
    if (!form.ok) return showPlan(request, reply.code(422), request.params.round, { typed: fields, ...form.refusal })
    await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request.params.round)
      await savePlan(tx, house, by, round.id, form.plan)
    })
    return reply.redirect(`/staff/selection/${request.params.round}#outlook`, 303)
  })
  /** What quotas would do as they are typed, in a sentence; nothing is saved. */
  app.post<ByRound>('/staff/selection/:round/outlook', officer, async (request, reply) => {
    const form = readPlan(fieldsOf(request.body))
    if (!form.ok) return reply.send({ says: form.refusal.errors[0]?.text ?? '' })
    const start = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request.params.round)
      return startOf(tx, house, by, round, form.plan.size, sources)
    })
    const canDraw = start.candidates.size && start.open
    return reply.send({ says: canDraw ? sayOutlook(await outlookOf(start, planFor(form.plan, start))) : '' })
  })
  app.post<ByRound>('/staff/selection/:round/proposal', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request.params.round)
      const now = await planOf(tx, round)
      await savePlan(tx, house, by, round.id, proposed(now.size, now.reserves, textOf(fields, 'reference')))
    })
    return reply.redirect(`/staff/selection/${request.params.round}#outlook`, 303)
  })

  app.post<ByRound>('/staff/selection/:round/runs', officer, async (request, reply) => {
    const because = clean(textOf(fieldsOf(request.body), 'because'))
    const { round, plan } = await atDesk(house, request, async tx => {
      const round = await closedRound(tx, house, request.params.round)
      return { round, plan: await planOf(tx, round) }
    })
    try {
      if (because.length > 500) throw new CannotRun('The reason must be 500 characters or fewer')
      const run = await begin(house, staffOf(request), round, plan, because, sources)
      return reply.redirect(`/staff/selection/runs/${run}`, 303)
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error
      const refusal = refuse({ because: error.message })
      return showPlan(request, reply.code(422), request.params.round, { because, ...refusal })
    }
  })
  await runRoutes(app, house)
}

/** The plan of a draw: where places fell free, its size is that of the panel with those who hold one. */
function planFor(plan: Plan, { seated, open }: Start): Plan {
  return { ...plan, size: seated.size + open }
}

async function closedRound(tx: Tx, house: House, id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}

function runRow(run: Run) {
  return { id: run.id, when: sayInstant(run.started_at), tag: stateWords[run.state], because: run.because }
}
