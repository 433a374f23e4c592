import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isDate } from '#src/platform/calendar/dates.ts'
import { londonDate, sayDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { csv } from '#src/platform/web/csv.ts'
import { forbidden, notFound } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { type House, within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { questionsOf, type Round, roundById, rounds, stateOf } from '../recruitment/round.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { features } from '../selection/board/features.ts'
import { candidatesOf } from '../selection/board/pool.ts'
import { decide, reasons, tellNotThisTime, verdicts } from './decisions.ts'
import { may } from './permissions.ts'
import { begin, leave, note, planOf, savePlan, scales, usualCriteria } from './plan.ts'
import { type Result, resultsOf } from './results.ts'
import type { Scale, Verdict } from './tables.ts'

const officer = { config: { may: may.decide } }
const crumbs = [{ text: 'Review', href: '/staff/review' }]
const view = (name: string) => `panel/review/${name}.njk`
type ByRound = { Params: { round: string } }
/** Groups of fewer people are not counted out to anyone. */
const least = 5

/** Who reads, what for and by when; how far it is; and what is decided, each with exactly how many before it is done. */
export async function officerReviewRoutes(app: FastifyInstance, house: House): Promise<void> {
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const shown = await atDesk(house, request, async tx => {
      const round = await closedRound(tx, house, id)
      const plan = await planOf(tx, round.id)
      const questions = await questionsOf(tx, round.id)
      const staff = await reviewers(tx, house)
      const chosen = await tx.selectFrom('review_reader').selectAll().where('round_id', '=', round.id).execute()
      const { results, readers, flags } = await resultsOf(tx, round.id)
      return { round, plan, questions, staff, chosen, results, readers, flags }
    })
    const { round, plan, questions, staff, results } = shown
    const name = (one: string) => staff.find(each => each.id === one)?.name ?? 'Someone'
    const criteria = plan?.criteria.length ? plan.criteria : usualCriteria(plan?.scale ?? 'suitable', questions)
    return reply.page(view('round'), {
      title: `Review of ${round.name}`,
      crumbs,
      wide: true,
      round,
      plan,
      begun: plan?.begun_at != null,
      deadline: plan?.deadline ?? '',
      deadlineSaid: plan && sayDate(plan.deadline),
      late: plan && plan.deadline < londonDate(house.clock.now()),
      scales: Object.entries(scales).map(([value, { says }]) => ({ value, text: says })),
      staff: staff.map(one => ({
        value: one.id,
        text: one.name,
        checked: shown.chosen.some(each => each.staff_id === one.id),
      })),
      declared: shown.chosen.map(one => ({ name: name(one.staff_id), declared: one.declared_at !== null })),
      criteria: criteria.map((one, at) => ({
        ...one,
        at,
        title: questions.find(each => each.id === one.question)?.title ?? '',
      })),
      words: scales[plan?.scale ?? 'suitable'].words,
      readers: shown.readers.map(one => ({
        ...one,
        name: name(one.staff),
        mean: one.mean?.toFixed(2),
        spread: one.spread?.toFixed(2),
      })),
      applications: results.length,
      read: results.filter(one => one.readings > 0).length,
      splits: results.filter(one => one.isSplit).length,
      flags: shown.flags,
      values: {},
      ...more,
    })
  }

  app.get<ByRound>('/staff/review/:round', officer, (request, reply) => show(request, reply, request.params.round))

  app.post<ByRound>('/staff/review/:round', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const { round } = request.params
    const outcome = await atDesk(house, request, async (tx, by) => {
      const found = await closedRound(tx, house, round)
      const form = readSetUp(
        fields,
        await questionsOf(tx, found.id),
        await reviewers(tx, house),
        londonDate(house.clock.now()),
      )
      if (!form.ok) return form.refusal
      return (await savePlan(tx, house, by, found.id, form.plan))
        ? undefined
        : refuse({ scale: 'The reading has begun: its set-up is locked' })
    })
    if (outcome) return show(request, reply.code(422), round, { values: fields, ...outcome })
    return reply.redirect(`/staff/review/${round}`, 303)
  })

  app.post<ByRound>('/staff/review/:round/begin', officer, async (request, reply) => {
    const { round } = request.params
    const why = await atDesk(house, request, async (tx, by) => {
      await closedRound(tx, house, round)
      return begin(tx, house, by, round)
    })
    if (why) return show(request, reply.code(422), round, refuse({ begin: why }))
    return reply.redirect(`/staff/review/${round}`, 303)
  })

  app.post<{ Params: { round: string; staff: string } }>(
    '/staff/review/:round/readers/:staff/leave',
    officer,
    async (request, reply) => {
      const { round, staff } = request.params
      if (!z.uuid().safeParse(staff).success) throw notFound()
      const why = await atDesk(house, request, async (tx, by) => {
        await closedRound(tx, house, round)
        return leave(tx, house, by, round, staff)
      })
      if (why) return show(request, reply.code(422), round, refuse({ begin: why.why }))
      return reply.redirect(`/staff/review/${round}`, 303)
    },
  )

  const showDecisions = async (request: FastifyRequest, reply: FastifyReply, id: string, more: object = {}) => {
    const query = fieldsOf(request.query)
    const shown = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, id)
      const plan = await planOf(tx, round.id)
      const { results } = await resultsOf(tx, round.id)
      const minimum = Number(textOf(query, 'minimum') || (plan?.scale === 'five' ? '3' : '1'))
      const meets = results.filter(one => one.lowest !== undefined && one.lowest >= minimum)
      const groups = await groupsOf(tx, house, by, round.id, new Set(meets.map(one => one.id)))
      return { round, plan, results, minimum, meets, groups }
    })
    const { results, meets } = shown
    const fails = results.filter(one => one.lowest !== undefined && !meets.includes(one))
    const count = (verdict: Verdict) => results.filter(one => one.verdict === verdict).length
    return reply.page(view('decisions'), {
      title: `Decisions on ${shown.round.name}`,
      crumbs: [...crumbs, { text: shown.round.name, href: `/staff/review/${id}` }],
      wide: true,
      id,
      minimum: shown.minimum,
      meets: meets.length,
      fails: fails.length,
      unread: results.filter(one => one.lowest === undefined).length,
      mark: { meets: markOf(meets), fails: markOf(fails) },
      groups: shown.groups,
      counts: (['pool', 'not this time', 'ineligible', 'undecided'] as const).map(verdict => ({
        words: verdicts[verdict],
        count: count(verdict),
      })),
      verdicts: Object.entries(verdicts).map(([value, text]) => ({ value, text })),
      reasons: Object.entries(reasons).map(([value, text]) => ({ value, text })),
      applications: results.slice(0, 500).map(one => ({
        reference: one.reference,
        readings: one.readings,
        lowest: one.lowest?.toFixed(2) ?? '',
        mean: one.mean?.toFixed(2) ?? '',
        isSplit: one.isSplit,
        verdict: verdicts[one.verdict],
      })),
      values: {},
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/decisions', officer, (request, reply) =>
    showDecisions(request, reply, request.params.round),
  )

  app.post<ByRound>('/staff/review/:round/decisions', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const { round } = request.params
    const verdict = z.enum(['pool', 'not this time', 'ineligible', 'undecided']).safeParse(fields.verdict)
    const reason = z
      .enum(Object.keys(reasons) as [keyof typeof reasons, ...(keyof typeof reasons)[]])
      .safeParse(fields.reason)
    if (!verdict.success || !reason.success)
      return showDecisions(request, reply.code(422), round, {
        values: fields,
        ...refuse({
          ...(verdict.success ? {} : { verdict: 'Select what you decide' }),
          ...(reason.success ? {} : { reason: 'Select why' }),
        }),
      })
    const why = await atDesk(house, request, async (tx, by) => {
      await closedRound(tx, house, round)
      const { results } = await resultsOf(tx, round)
      const reference = clean(textOf(fields, 'reference')).toUpperCase()
      if (!('rule' in fields)) {
        const one = results.find(each => each.reference === reference)
        if (!one) return { reference: 'There is no application with this reference' }
        const done = await decide(tx, house, by, round, [one.id], verdict.data, reason.data)
        return done || one.verdict === verdict.data
          ? undefined
          : { reference: 'The person has been told already: it stands' }
      }
      const minimum = Number(textOf(fields, 'minimum'))
      const meets = (each: Result) => each.lowest !== undefined && each.lowest >= minimum
      const wanted = results.filter(each => each.lowest !== undefined && meets(each) === (fields.rule === 'meets'))
      if (markOf(wanted) !== textOf(fields, 'mark'))
        return { rule: 'The readings have changed since this was shown: look again' }
      await decide(
        tx,
        house,
        by,
        round,
        wanted.map(each => each.id),
        verdict.data,
        reason.data,
      )
      return undefined
    })
    if (why) return showDecisions(request, reply.code(422), round, { values: fields, ...refuse(why) })
    return reply.redirect(
      `/staff/review/${round}/decisions?minimum=${encodeURIComponent(textOf(fields, 'minimum'))}`,
      303,
    )
  })

  app.post<ByRound>('/staff/review/:round/told', officer, async (request, reply) => {
    await atDesk(house, request, async (tx, by) =>
      tellNotThisTime(tx, house, by, await closedRound(tx, house, request.params.round)),
    )
    return reply.redirect(`/staff/review/${request.params.round}/decisions`, 303)
  })

  app.get<ByRound>('/staff/review/:round/file.csv', officer, async (request, reply) => {
    const rows = await atDesk(house, request, async (tx, by) => {
      const round = await closedRound(tx, house, request.params.round)
      const all = await tx
        .selectFrom('review_reading')
        .innerJoin('application', 'application.dossier_id', 'review_reading.dossier_id')
        .leftJoin('review_score', 'review_score.reading_id', 'review_reading.id')
        .select([
          'reference',
          'review_reading.staff_id',
          'review_reading.state',
          'ended_because',
          'flagged',
          'anonymous',
          'question_id',
          'score',
          'version',
          'review_reading.dossier_id',
        ])
        .where('review_reading.round_id', '=', round.id)
        .orderBy('reference')
        .execute()
      const { results } = await resultsOf(tx, round.id)
      const verdict = new Map(results.map(one => [one.id, one.verdict]))
      const questions = await questionsOf(tx, round.id)
      await note(tx, house, by, 'review exported', { round: round.id, rows: all.length })
      return all.map(one => [
        one.reference,
        `Reader ${createHash('sha256').update(`${round.id}/${one.staff_id}`).digest('hex').slice(0, 6)}`,
        one.state,
        one.ended_because ?? '',
        one.flagged ? 'flagged' : '',
        one.anonymous ? 'anonymous' : 'not anonymous',
        questions.find(each => each.id === one.question_id)?.title ?? '',
        one.question_id && one.score === null ? 'abstained' : (one.score ?? ''),
        one.version ?? '',
        verdicts[verdict.get(one.dossier_id) ?? 'undecided'],
      ])
    })
    const head = [
      'application',
      'reader',
      'reading',
      'ended because',
      'flag',
      'reading was',
      'question',
      'score',
      'criteria version',
      'decision',
    ]
    return reply
      .header('content-disposition', 'attachment; filename="review.csv"')
      .type('text/csv; charset=utf-8')
      .send(csv(head, rows))
  })
}

/** Names exactly whom a rule meets, so that what is confirmed is what was shown. */
function markOf(results: readonly Result[]): string {
  return createHash('sha256')
    .update(
      results
        .map(one => one.id)
        .sort()
        .join(),
    )
    .digest('hex')
    .slice(0, 16)
}

/** What a rule does to groups, before it is applied: never ethnicity or adjustments, and no small numbers. */
async function groupsOf(tx: Tx, house: House, by: Actor, round: string, meets: ReadonlySet<string>) {
  const all = [...(await candidatesOf(tx, house, by, round))]
  const said = (count: number) => (count > 0 && count < least ? `fewer than ${least}` : String(count))
  return features.map(feature => ({
    says: feature.says,
    rows: Object.entries(feature.values).map(([value, words]) => {
      const own = all.filter(([, values]) => values[feature.name] === value)
      const kept = own.filter(([id]) => meets.has(id)).length
      const hide = own.length > 0 && (kept < least || own.length - kept < least) && kept !== 0 && kept !== own.length
      return { words, all: said(own.length), kept: hide ? 'not shown' : said(kept) }
    }),
  }))
}

async function reviewers(tx: Tx, house: House): Promise<{ id: string; name: string }[]> {
  const rows = await tx
    .selectFrom('staff')
    .select(['dossier_id', 'roles'])
    .where('activated_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .execute()
  const ids = rows.filter(row => row.roles.includes('reviewer')).map(row => row.dossier_id)
  const ask = {
    by: { id: 'system:review', roles: ['system'], own: [] },
    for: 'administer the panel',
    fields: ['name'],
  } as const
  const opened = await house.vault.open(tx, 'staff', ask, ids)
  return opened.map(one => ({ id: one.id, name: one.name ?? 'Someone' }))
}

function readSetUp(
  fields: { [field: string]: unknown },
  questions: readonly { id: string; title: string }[],
  staff: readonly { id: string }[],
  today: string,
) {
  const faults: Record<string, string> = {}
  const scale: Scale = textOf(fields, 'scale') === 'five' ? 'five' : 'suitable'
  const readings = Number(textOf(fields, 'readings') || '1')
  const cap = textOf(fields, 'cap') ? Number(textOf(fields, 'cap')) : null
  const deadline = textOf(fields, 'deadline')
  const readers = [fields.readers]
    .flat()
    .filter(one => typeof one === 'string' && staff.some(each => each.id === one)) as string[] // the checked edge: strings of the list
  if (!Number.isInteger(readings) || readings < 1 || readings > 5)
    faults.readings = 'Readings must be a whole number from 1 to 5'
  if (cap !== null && (!Number.isInteger(cap) || cap < 1))
    faults.cap = 'The most that one person reads must be a whole number, 1 or more'
  if (!isDate(deadline) || deadline < today) faults.deadline = 'Enter a date from today on, like 2027-02-12'
  if (!readers.length) faults.readers = 'Select at least one reader'
  else if (Number.isInteger(readings) && readers.length < readings)
    faults.readers = `${readings} readings need at least ${readings} readers`
  const { values } = scales[scale]
  const usual = usualCriteria(scale, questions)
  const criteria = usual.map((one, at) => ({
    question: one.question,
    name: clean(textOf(fields, `name${at}`)).slice(0, 200) || one.name,
    values: values.map((_, i) => clean(textOf(fields, `value${at}-${i}`)).slice(0, 300) || (one.values[i] ?? '')),
  }))
  if (Object.keys(faults).length) return { ok: false as const, refusal: refuse(faults) }
  return { ok: true as const, plan: { scale, readings, cap, deadline, criteria, readers } }
}

export async function closedRound(tx: Tx, house: House, id: string): Promise<Round> {
  const round = await roundById(tx, id)
  if (!round || stateOf(round, house.clock.now()) !== 'closed') throw notFound()
  return round
}

/** Rounds that can be reviewed: those that have closed. */
export async function closedRounds(tx: Tx, house: House): Promise<Round[]> {
  return (await rounds(tx)).filter(round => stateOf(round, house.clock.now()) === 'closed')
}

export function atDesk<T>(house: House, request: FastifyRequest, work: (tx: Tx, by: Actor) => Promise<T>): Promise<T> {
  const by = request.actor
  if (!by) throw forbidden()
  return within(house, { by, for: 'administer the panel' }, tx => work(tx, by))
}
