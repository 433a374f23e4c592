import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayInstant } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { unprocessable } from '#src/platform/web/errors.ts'
import { clean, refuse } from '#src/platform/web/form.ts'
import { pageOf, pagination } from '#src/platform/web/paging.ts'
import type { House } from '#src/promises/house.ts'
import { fieldsOf, textOf } from '../recruitment/rounds/desk.ts'
import { acceptedOutcome } from '../selection/board/outcome.ts'
import { ruleIn } from './board-routes.ts'
import { CannotDecide, type Decision, decide, decisionsOf, reasons, verdicts } from './decisions.ts'
import { type ByRound, crumbs, officer, onRound, view } from './desk.ts'
import { type Result, resultsOf } from './results.ts'
import { reviewOf } from './setup.ts'
import { digestOf, shortlisted } from './shortlist.ts'
import type { Verdict } from './tables.ts'
import { tellNotThisTime, toTell } from './telling.ts'

const sets = {
  meet: 'who meet the rule',
  miss: 'who have been read and do not meet the rule',
  rest: 'in the pool who were drawn neither as member nor as reserve',
  one: 'chosen by you',
} as const
const verdictItems = [
  ...Object.entries(verdicts).map(([value, text]) => ({ value, text })),
  { value: 'undone', text: 'Take the decision back' },
]

/** Decisions on applications: one or many at a time, with a look at exactly who and how many before they are taken. */
export async function decisionRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.get<ByRound>('/staff/review/:round/decisions', officer, async (request, reply) => {
    const page = pageOf(request.query, 50)
    const shown = await onRound(house, request, async (tx, _by, round) => {
      const standing = await decisionsOf(tx, round.id)
      const rows = await applicationsOf(tx, round.id)
      return { round, standing, rows, waiting: await toTell(tx, round.id) }
    })
    const counted = Object.entries(verdicts).map(([verdict, says]) => ({
      says,
      count: [...shown.standing.values()].filter(one => one.verdict === verdict).length,
    }))
    return reply.page(view('decisions'), {
      title: `Decisions of ${shown.round.name}`,
      crumbs,
      wide: true,
      round: shown.round,
      waiting: shown.waiting.length,
      tiles: [
        ...counted,
        { says: 'Not decided', count: shown.rows.filter(row => !shown.standing.has(row.dossier_id)).length },
      ],
      rows: shown.rows
        .slice(page.from, page.from + page.size)
        .map(row => ({ id: row.dossier_id, reference: row.reference, ...said(shown.standing.get(row.dossier_id)) })),
      pages: pagination(page, shown.rows.length, number => `?page=${number}`),
    })
  })

  const preview = async (
    request: FastifyRequest<ByRound>,
    reply: FastifyReply,
    fields: { [field: string]: unknown },
    more: object = {},
  ) => {
    const shown = await onRound(house, request, async (tx, _by, round) => ({
      round,
      ...(await chosenIn(tx, round.id, fields)),
    }))
    const standing = shown.rows.map(row => shown.standing.get(row.dossier_id)?.verdict ?? '')
    return reply.page(view('decide'), {
      title: 'Decide',
      crumbs: [...crumbs, { text: 'Decisions', href: `/staff/review/${shown.round.id}/decisions` }],
      round: shown.round,
      set: textOf(fields, 'set'),
      rule: ruleIn(fields),
      id: textOf(fields, 'id'),
      says: sets[shown.set],
      count: shown.rows.length,
      rows: shown.rows.map(row => ({ reference: row.reference, ...said(shown.standing.get(row.dossier_id)) })),
      digest: digestOf(shown.rows.map((row, at) => `${row.dossier_id} ${standing[at]}`)),
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
      await onRound(house, request, async (tx, by, round) => {
        const { rows, standing } = await chosenIn(tx, round.id, fields)
        const seen = new Map(rows.map(row => [row.dossier_id, standing.get(row.dossier_id)?.verdict ?? '']))
        const digest = digestOf(rows.map(row => `${row.dossier_id} ${seen.get(row.dossier_id)}`))
        if (digest !== textOf(fields, 'digest'))
          throw new CannotDecide('Something has changed since you opened the page. Look again')
        await decide(
          tx,
          house,
          by,
          rows.map(row => row.dossier_id),
          verdict,
          { code: verdict === 'undone' ? 'taken back' : code, words },
          seen,
        )
      })
    } catch (error) {
      if (!(error instanceof CannotDecide)) throw error
      return preview(request, reply.code(422), fields, refuse({ verdict: error.message }))
    }
    return reply.redirect(`/staff/review/${request.params.round}/decisions`, 303)
  })
  app.post<ByRound>('/staff/review/:round/decisions/letters', officer, async (request, reply) => {
    await onRound(house, request, (tx, by, round) =>
      tellNotThisTime(tx, house, by, round, Number(textOf(fieldsOf(request.body), 'count'))),
    )
    return reply.redirect(`/staff/review/${request.params.round}/decisions`, 303)
  })
}

const reasonItems = Object.entries(reasons).flatMap(([verdict, codes]) =>
  Object.entries(codes).map(([value, text]) => ({
    value,
    text: `${verdicts[verdict as Verdict]}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`,
    verdict,
  })),
)

function said(decision: Decision | undefined) {
  if (!decision) return { verdict: 'Not decided', when: '' }
  return { verdict: verdicts[decision.verdict], when: sayInstant(decision.at) }
}

async function applicationsOf(tx: Tx, round: string) {
  const query = tx.selectFrom('application').select(['dossier_id', 'reference']).where('round_id', '=', round)
  return query.where('state', '!=', 'draft').orderBy('reference').execute()
}

/** Exactly the applications that the address or the form names. */
async function chosenIn(tx: Tx, round: string, fields: { [field: string]: unknown }) {
  const all = await applicationsOf(tx, round)
  const standing = await decisionsOf(tx, round)
  const set = Object.keys(sets).find(one => one === textOf(fields, 'set')) as keyof typeof sets | undefined // checked by the list
  const rule = ruleIn(fields)
  if (set === 'one' && z.uuid().safeParse(textOf(fields, 'id')).success)
    return { set, standing, rows: all.filter(row => row.dossier_id === textOf(fields, 'id')) }
  if (set === 'rest') {
    const outcome = await acceptedOutcome(tx, round)
    const drawn = new Set([...(outcome?.members ?? []), ...(outcome?.reserves ?? [])])
    const isRest = (id: string) =>
      outcome && standing.get(id)?.verdict === 'eligible' && !standing.get(id)?.toldAt && !drawn.has(id)
    return { set, standing, rows: all.filter(row => isRest(row.dossier_id)) }
  }
  const review = await reviewOf(tx, round)
  if (!set || !rule || !review)
    throw unprocessable('Say about whom you decide: choose one application, or a shortlist rule.')
  const { results } = await resultsOf(tx, review)
  const meets = new Set(shortlisted(results, rule))
  const read = new Set(results.filter((one: Result) => one.readings > 0 && one.waiting === 0).map(one => one.id))
  const wanted = (id: string) => read.has(id) && meets.has(id) === (set === 'meet') && !standing.has(id)
  return { set, standing, rows: all.filter(row => wanted(row.dossier_id)) }
}
