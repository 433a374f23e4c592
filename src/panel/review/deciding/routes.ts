import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sayInstant } from '#src/platform/calendar/london.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { fieldsOf, textOf } from '../../recruitment/rounds/desk.ts'
import { type Decision, decisionsOf, reasons, verdicts } from '../decisions.ts'
import { type ByRound, crumbs, officer, onRound, type Reviewers, view } from '../desk.ts'
import { resultsOf } from '../results.ts'
import { reviewOf } from '../setup.ts'
import { digestOf } from '../shortlist.ts'
import type { Verdict } from '../tables.ts'
import { tellNotThisTime, toTell } from '../telling.ts'
import { aboutRoutes } from './about-routes.ts'
import { actsOf, sayAct } from './acts.ts'
import { applicationsOf, type Chosen, chosenIn } from './chosen.ts'
import { CannotDecide, decide, propose } from './decide.ts'
import { secondRoutes } from './second-routes.ts'

const mostActs = 30
const verdictItems = [
  ...Object.entries(verdicts).map(([value, text]) => ({ value, text })),
  { value: 'undone', text: 'Take the decision back' },
]

/** Decisions on applications: one or many at a time, with a look at exactly who and how many before they are taken. */
export async function decisionRoutes(app: FastifyInstance, house: House, staff: Reviewers): Promise<void> {
  app.get<ByRound>('/staff/review/:round/decisions', officer, async (request, reply) => {
    const page = pageOf(request.query, 50)
    const asked = textOf(fieldsOf(request.query), 'show')
    const shown = await onRound(house, request, async (tx, by, round) => {
      const review = await reviewOf(tx, round.id)
      return {
        round,
        reviewed: Boolean(review),
        standing: await decisionsOf(tx, round.id),
        rows: await applicationsOf(tx, round.id),
        waiting: await toTell(tx, round.id),
        acts: await actsOf(tx, round.id),
        results: new Map(review ? (await resultsOf(tx, review)).results.map(one => [one.id, one]) : []),
        names: new Map((await staff(tx, house, by)).map(one => [one.id, one.name])),
      }
    })
    const { standing, results } = shown
    const kinds = { none: 'Not decided', ...verdicts }
    const kind = Object.keys(kinds).find(one => one === asked)
    const kindOf = (id: string) => standing.get(id)?.verdict ?? 'none'
    const rows = shown.rows.filter(row => !kind || kindOf(row.id) === kind)
    return reply.page(view('deciding/decisions'), {
      title: `Decisions of ${shown.round.name}`,
      crumbs,
      wide: true,
      round: shown.round,
      reviewed: shown.reviewed,
      waiting: shown.waiting.length,
      acts: shown.acts.slice(0, mostActs).map(act => sayAct(act, shown.names)),
      moreActs: Math.max(0, shown.acts.length - mostActs),
      shownKind: kind,
      tiles: Object.entries(kinds).map(([code, says]) => ({
        code,
        says,
        count: shown.rows.filter(row => kindOf(row.id) === code).length,
      })),
      rows: rows.slice(page.from, page.from + page.size).map(row => ({
        ...row,
        ...said(standing.get(row.id)),
        ...figuresOf(results.get(row.id)),
      })),
      pages: pagination(
        page,
        rows.length,
        number => `?page=${number}${kind ? `&show=${encodeURIComponent(kind)}` : ''}`,
      ),
    })
  })

  const preview = async (
    request: FastifyRequest<ByRound>,
    reply: FastifyReply,
    fields: { [field: string]: unknown },
    more: object = {},
  ) => {
    const shown = await onRound(house, request, async (tx, _by, round) => {
      const review = await reviewOf(tx, round.id)
      const chosen = await chosenIn(tx, round.id, fields)
      const results = new Map(review ? (await resultsOf(tx, review)).results.map(one => [one.id, one]) : [])
      return { round, results, ...chosen }
    })
    return reply.page(view('deciding/decide'), {
      title: 'Decide',
      crumbs: [...crumbs, { text: 'Decisions', href: `/staff/review/${shown.round.id}/decisions` }],
      round: shown.round,
      set: shown.set,
      says: shown.says,
      rule: shown.rule,
      act: textOf(fields, 'act'),
      ids: shown.set === 'some' ? shown.rows.map(row => row.id) : [],
      count: shown.rows.length,
      rows: shown.rows.map(row => ({
        ...row,
        ...said(shown.standing.get(row.id)),
        ...figuresOf(shown.results.get(row.id)),
      })),
      digest: digestIn(shown),
      verdicts: verdictItems,
      reasons: reasonItems,
      values: fields,
      ...more,
    })
  }
  app.get<ByRound>('/staff/review/:round/decisions/preview', officer, (request, reply) =>
    preview(request, reply, fieldsOf(request.query)),
  )
  app.post<ByRound>('/staff/review/:round/decisions', officer, async (request, reply) => {
    const fields = fieldsOf(request.body)
    const base = `/staff/review/${request.params.round}/decisions`
    const verdict = verdictItems.find(one => one.value === textOf(fields, 'verdict'))?.value as
      | Verdict
      | 'undone'
      | undefined // checked by the list
    const code = textOf(fields, 'reason')
    const words = clean(textOf(fields, 'words'))
    const faults: Record<string, string> = {}
    if (!verdict) faults.verdict = 'Select what you decide'
    else if (verdict !== 'undone' && !Object.hasOwn(reasons[verdict], code))
      faults.reason = 'Select a reason that goes with the decision'
    if ((code === 'other' || verdict === 'undone') && !words) faults.words = 'Enter why'
    if (words.length > 1000) faults.words = 'The words must be 1,000 characters or fewer'
    if (Object.keys(faults).length || !verdict) return preview(request, reply.code(422), fields, refuse(faults))
    try {
      const act = await onRound(house, request, async (tx, by, round) => {
        const chosen = await chosenIn(tx, round.id, fields)
        if (digestIn(chosen) !== textOf(fields, 'digest'))
          throw new CannotDecide('Something has changed since you opened the page. Look again')
        const ids = chosen.rows.map(row => row.id)
        const seen = new Map(ids.map(id => [id, chosen.standing.get(id)?.verdict ?? '']))
        const because = {
          code: verdict === 'undone' ? 'taken back' : code,
          words,
          ...(chosen.kept ? { rule: chosen.kept } : {}),
        }
        if (ids.length > 1) return propose(tx, house, by, ids, verdict, because, seen)
        await decide(tx, house, by, ids, verdict, because, seen)
        return undefined
      })
      return reply.redirect(act ? `${base}/waiting/${act}` : base, 303)
    } catch (error) {
      if (!(error instanceof CannotDecide)) throw error
      return preview(request, reply.code(422), fields, refuse({ verdict: error.message }))
    }
  })
  app.post<ByRound>('/staff/review/:round/decisions/letters', officer, async (request, reply) => {
    await onRound(house, request, (tx, by, round) =>
      tellNotThisTime(tx, house, by, round, Number(textOf(fieldsOf(request.body), 'count'))),
    )
    return reply.redirect(`/staff/review/${request.params.round}/decisions`, 303)
  })
  await secondRoutes(app, house, staff)
  await aboutRoutes(app, house, staff)
}

const reasonItems = Object.entries(reasons).flatMap(([verdict, codes]) =>
  Object.entries(codes).map(([value, text]) => ({
    value,
    text: `${verdicts[verdict as Verdict]}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`,
    verdict,
  })),
)

/** Names exactly these people with what stands about each: what was seen and what is done must be the same. */
function digestIn(chosen: Pick<Chosen, 'rows' | 'standing'>): string {
  return digestOf(chosen.rows.map(row => `${row.id} ${chosen.standing.get(row.id)?.verdict ?? ''}`))
}

function said(decision: Decision | undefined) {
  if (!decision) return { verdict: 'Not decided', when: '' }
  return { verdict: verdicts[decision.verdict], when: sayInstant(decision.at) }
}

function figuresOf(result: { mean: number | undefined; readings: number; waiting: number } | undefined) {
  return {
    mean: result?.mean?.toFixed(2) ?? '–',
    read: result ? `${result.readings}${result.waiting ? `, ${result.waiting} to come` : ''}` : '–',
  }
}
