import { deserialize } from 'node:v8'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import { type Round, roundById, rounds, stateOf } from '../../recruitment/round.ts'
import { atDesk, fieldsOf, staffOf, textOf } from '../../recruitment/rounds/desk.ts'
import { countAll } from '../../representation/routes.ts'
import type { Lottery } from '../lottery.ts'
import { barsOf } from './bars.ts'
import { features } from './features.ts'
import { acceptedOutcome } from './outcome.ts'
import { may } from './permissions.ts'
import { outlookOf, type Plan, planOf, proposed, savePlan, sayOutlook, wordsFor } from './plan.ts'
import { type Candidates, candidatesOf, type PoolOf } from './pool.ts'
import { referenceOf, references } from './reference.ts'
import { begin, CannotRun, cancel, confirm, decide, draw, type Run, runById, runsOf } from './run.ts'

const officer = { config: { may: may.draw } }
const second = { config: { may: may.confirm } }
const crumbs = [{ text: 'Selection', href: '/staff/selection' }]
const view = (name: string) => `panel/selection/board/${name}.njk`
type ByRound = { Params: { round: string } }
type ByRun = { Params: { run: string } }

export const stateWords: Record<Run['state'], { text: string; classes: string }> = {
  running: { text: 'Going on', classes: 'govuk-tag--blue' },
  committed: { text: 'Ready to draw', classes: 'govuk-tag--yellow' },
  drawn: { text: 'Drawn', classes: 'govuk-tag--yellow' },
  accepted: { text: 'Accepted', classes: 'govuk-tag--green' },
  'set aside': { text: 'Set aside', classes: 'govuk-tag--grey' },
  infeasible: { text: 'Quotas cannot be met', classes: 'govuk-tag--red' },
  stopped: { text: 'Stopped', classes: 'govuk-tag--grey' },
  interrupted: { text: 'Interrupted', classes: 'govuk-tag--red' },
  failed: { text: 'Failed', classes: 'govuk-tag--red' },
}

const decisions = [
  { value: 'accept', text: 'Accept this selection', hint: { text: 'A second person confirms it' } },
  { value: 'set aside', text: 'Set it aside', hint: { text: 'It is kept and shown, with your reason' } },
]

/** The board: quotas from a population, the run, the draw, and the decision of two people on it. */
export async function boardRoutes(app: FastifyInstance, house: House, poolOf?: PoolOf): Promise<void> {
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
      const candidates = await candidatesOf(tx, house, by, round.id, poolOf)
      return { round, plan, candidates, runs: await runsOf(tx, house, round.id) }
    })
    const outlook = shown.candidates.size ? await outlookOf(shown.candidates, shown.plan) : undefined
    return reply.page(view('plan'), {
      title: `Selection for ${shown.round.name}`,
      crumbs,
      wide: true,
      ...shown,
      pool: shown.candidates.size,
      outlook,
      runs: shown.runs.map(runRow),
      drawn: shown.runs.some(run => run.drawn_at),
      standing: shown.runs.find(run => ['running', 'committed', 'drawn', 'accepted'].includes(run.state)),
      reference: referenceOf(shown.plan.reference),
      references: references.map(one => ({
        value: one.code,
        text: one.says,
        selected: one.code === shown.plan.reference,
      })),
      features: features.map(feature => featureShown(feature, shown.plan, shown.candidates)),
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
    const candidates = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request.params.round)
      return candidatesOf(tx, house, by, round.id, poolOf)
    })
    return reply.send({ says: candidates.size ? sayOutlook(await outlookOf(candidates, form.plan)) : '' })
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
    const plan = await atDesk(house, request, async tx =>
      planOf(tx, await closedRound(tx, house, request.params.round)),
    )
    try {
      if (because.length > 500) throw new CannotRun('The reason must be 500 characters or fewer')
      const run = await begin(house, staffOf(request), request.params.round, plan, because, poolOf)
      return reply.redirect(`/staff/selection/runs/${run}`, 303)
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error
      const refusal = refuse({ because: error.message })
      return showPlan(request, reply.code(422), request.params.round, { because, ...refusal })
    }
  })

  const showRun = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async tx => {
      const run = await runInHand(tx, house, id)
      const round = await roundById(tx, run.round_id)
      const outcomes = await tx
        .selectFrom('selection_place')
        .select(['type', 'outcome'])
        .where('run_id', '=', id)
        .where('outcome', 'is not', null)
        .execute()
      return { run, round, outcomes }
    })
    const { run } = shown
    const by = staffOf(request)
    if (run.state === 'running') reply.header('refresh', '5')
    return reply.page(view('run'), {
      title: `Run of ${sayInstant(run.started_at)}`,
      crumbs: [...crumbs, { text: shown.round?.name ?? '', href: `/staff/selection/${run.round_id}` }],
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
  if (!by.roles.some(role => role === 'officer' || role === 'analyst')) return
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

async function closedRound(tx: Tx, house: House, id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}

async function runInHand(tx: Tx, house: House, id: string): Promise<Run> {
  const run = z.uuid().safeParse(id).success ? await runById(tx, house, id) : undefined
  if (!run) throw notFound()
  return run
}

function runRow(run: Run) {
  return { id: run.id, when: sayInstant(run.started_at), tag: stateWords[run.state], because: run.because }
}

/** A feature with its quotas, the pool beside the population, as bars and as a table. */
function featureShown(feature: (typeof features)[number], plan: Plan, candidates: Candidates) {
  const shares = referenceOf(plan.reference).shares[feature.name]
  const all = [...candidates.values()]
  const count = (value: string) => all.filter(values => values[feature.name] === value).length
  const rows = Object.entries(feature.values).map(([value, words]) => {
    const quota = plan.quotas.find(one => one.feature === feature.name && one.value === value)
    const people = count(value)
    return {
      value,
      words,
      people,
      share: all.length ? (100 * people) / all.length : 0,
      population: shares?.[value],
      min: quota?.min ?? 0,
      max: quota?.max ?? null,
      field: `${feature.name}-${value}`,
    }
  })
  const bars = barsOf(
    rows.map(row => ({
      words: row.words,
      bars: [
        { says: 'Population', share: row.population },
        { says: 'Pool', share: row.share },
      ],
    })),
  )
  const unsaid = all.length - rows.reduce((sum, row) => sum + row.people, 0)
  return { name: feature.name, says: feature.says, rows, bars, unsaid, proposedFrom: shares !== undefined }
}

function readPlan(fields: { [field: string]: unknown }) {
  const number = (field: string) => textOf(fields, field).replace(/[\s,]/g, '')
  const whole = (field: string) => (/^\d{1,5}$/.test(number(field)) ? Number(number(field)) : undefined)
  const faults: Record<string, string> = {}
  const size = whole('size')
  const reserves = whole('reserves')
  if (!size) faults.size = 'The number of members must be a whole number, 1 or more'
  if (reserves === undefined) faults.reserves = 'The number of reserves must be a whole number, 0 or more'
  const quotas = features.flatMap(feature =>
    Object.entries(feature.values).map(([value, words]) => {
      const field = `${feature.name}-${value}`
      const min = number(`${field}-min`) ? whole(`${field}-min`) : 0
      const max = number(`${field}-max`) ? whole(`${field}-max`) : null
      if (min === undefined) faults[`${field}-min`] = `The least for “${words}” must be a whole number, or empty`
      else if (max === undefined) faults[`${field}-max`] = `The most for “${words}” must be a whole number, or empty`
      else if (max !== null && min > max)
        faults[`${field}-min`] = `The least for “${words}” must not be more than the most`
      return { feature: feature.name, value, min: min ?? 0, max: max ?? null }
    }),
  )
  if (Object.keys(faults).length || !size || reserves === undefined)
    return { ok: false as const, refusal: refuse(faults) }
  const { code } = referenceOf(textOf(fields, 'reference'))
  return { ok: true as const, plan: { size, reserves, reference: code, quotas } }
}

/** The certificate in plain words. */
export function proofOf(run: Run): string | undefined {
  if (!run.types || !run.lottery) return undefined
  return certificateOf(run).optimal
    ? 'Nobody’s chance can be raised without lowering someone whose chance is the same or worse. Checked.'
    : `Stopped before the proof was complete: within ${(100 * certificateOf(run).gap).toPrecision(2)}% of the best there can be.`
}

/** Lowest and highest chance, and how many people have the lowest. */
export function chancesOf(run: Run) {
  if (!run.types?.length) return undefined
  const chances = run.types.map(type => type.chance)
  const lowest = Math.min(...chances)
  const atLowest = run.types.filter(type => type.chance < lowest + 1e-7).reduce((sum, type) => sum + type.people, 0)
  const without = run.types.filter(type => type.chance < 1e-9)
  return {
    lowest: percent(lowest),
    highest: percent(Math.max(...chances)),
    atLowest,
    without: without.map(type => ({
      words: Object.entries(type.features)
        .map(([name, value]) => wordsFor(name, value))
        .join(', '),
      people: type.people,
    })),
  }
}

function percent(chance: number): string {
  return `${(100 * chance).toPrecision(3)}%`
}

/** Panel against pool against population, feature by feature. */
function groupsOf(run: Run, outcomes: readonly { type: number; outcome: string | null }[]) {
  const types = run.types
  if (!types?.length) return []
  const shares = referenceOf(run.reference).shares
  const members = outcomes.filter(one => one.outcome === 'member')
  const named = features.filter(feature => types[0] && feature.name in types[0].features)
  return named.map(feature => {
    const rows = Object.entries(feature.values).map(([value, words]) => {
      const has = (type: number) => types[type]?.features[feature.name] === value
      const pool = types.reduce((sum, type, t) => sum + (has(t) ? type.people : 0), 0)
      const panel = members.filter(one => has(one.type)).length
      const quota = run.quotas.find(one => one.feature === feature.name && one.value === value)
      return { words, pool, panel, population: shares[feature.name]?.[value], min: quota?.min, max: quota?.max }
    })
    const bars = barsOf(
      rows.map(row => ({
        words: row.words,
        bars: [
          { says: 'Population', share: row.population },
          { says: 'Pool', share: (100 * row.pool) / Math.max(1, run.pool_size) },
          ...(members.length ? [{ says: 'Panel', share: (100 * row.panel) / members.length }] : []),
        ],
      })),
    )
    return { name: feature.name, says: feature.says, rows, bars, drawn: members.length > 0 }
  })
}

function certificateOf(run: Run): { optimal: boolean; gap: number } {
  const kept: Lottery | undefined = run.lottery ? deserialize(run.lottery) : undefined
  return kept?.certificate ?? { optimal: false, gap: 1 }
}
