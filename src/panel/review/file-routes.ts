import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { csv } from '#src/platform/web/csv.ts'
import { notFound } from '#src/platform/web/errors.ts'
import type { House } from '#src/promises/house.ts'
import { actsOf } from './deciding/acts.ts'
import type { Act } from './deciding/confirm.ts'
import { decisionRows } from './decisions.ts'
import { type ByRound, officer as forOfficers, onRound } from './desk.ts'
import { note, reviewOf } from './setup.ts'

const header = [
  'What',
  'Application',
  'Reviewer',
  'Question',
  'Value',
  'Criteria version',
  'State',
  'Anonymous',
  'Flagged',
  'When',
]

/** Everything that was scored and decided, as a file: readers by number, applications by reference, no words. */
export async function fileRoutes(app: FastifyInstance, house: House): Promise<void> {
  app.post<ByRound>('/staff/review/:round/file', forOfficers, async (request, reply) => {
    const text = await onRound(house, request, async (tx, by, round) => {
      if (!(await reviewOf(tx, round.id))) throw notFound()
      const references = new Map(
        (
          await tx
            .selectFrom('application')
            .select(['dossier_id', 'reference'])
            .where('round_id', '=', round.id)
            .execute()
        ).map(row => [row.dossier_id, row.reference]),
      )
      const people = await tx.selectFrom('review_reader').selectAll().where('round_id', '=', round.id).execute()
      const numbers = new Map(people.map(row => [row.reader, `Reviewer ${row.number}`]))
      const questions = await tx
        .selectFrom('question')
        .select(['id', 'position'])
        .where('round_id', '=', round.id)
        .execute()
      const position = new Map(questions.map(row => [row.id, `Question ${row.position}`]))
      const readings = await tx.selectFrom('review_reading').selectAll().where('round_id', '=', round.id).execute()
      const scores = await tx
        .selectFrom('review_score')
        .innerJoin('review_reading', 'review_reading.id', 'review_score.reading_id')
        .select([
          'review_score.question',
          'review_score.value',
          'review_score.version',
          'review_score.at',
          'review_reading.dossier_id',
          'review_reading.reader',
          'review_reading.state',
          'review_reading.anonymous',
        ])
        .where('review_reading.round_id', '=', round.id)
        .execute()
      const conflicts = await tx.selectFrom('review_conflict').selectAll().where('round_id', '=', round.id).execute()
      const decisions = await decisionRows(tx, round.id)
      const acts = (await actsOf(tx, round.id)).reverse()
      const versions = await tx
        .selectFrom('review_criteria')
        .selectAll()
        .where('round_id', '=', round.id)
        .orderBy('version')
        .execute()
      const overrides = await tx.selectFrom('review_override').selectAll().where('round_id', '=', round.id).execute()
      const samples = await tx.selectFrom('review_sample').selectAll().where('round_id', '=', round.id).execute()
      const officers = new Map<string, string>()
      const officer = (id: string | null) => {
        if (!id) return ''
        const known = officers.get(id) ?? numbers.get(id) ?? `Officer ${officers.size + 1}`
        officers.set(id, known)
        return known
      }
      const who = (reader: string) => numbers.get(reader) ?? 'Staff'
      const of = (id: string) => references.get(id) ?? ''
      const rows = [
        ...readings.map(row => [
          'reading',
          of(row.dossier_id),
          who(row.reader),
          '',
          '',
          '',
          row.state,
          row.anonymous ? 'yes' : 'no',
          row.flagged_at ? 'yes' : 'no',
          (row.done_at ?? row.assigned_at).toISOString(),
        ]),
        ...scores.map(row => [
          'score',
          of(row.dossier_id),
          who(row.reader),
          position.get(row.question) ?? '',
          row.value ?? 'not scored',
          row.version,
          row.state,
          row.anonymous ? 'yes' : 'no',
          '',
          row.at.toISOString(),
        ]),
        ...conflicts.map(row => [
          'conflict',
          of(row.dossier_id),
          who(row.reader),
          '',
          row.how,
          '',
          '',
          '',
          '',
          row.at.toISOString(),
        ]),
        ...decisions.map(row => [
          'decision',
          of(row.dossier_id),
          officer(row.decided_by),
          '',
          row.verdict,
          '',
          row.reason,
          '',
          '',
          row.decided_at.toISOString(),
        ]),
      ].sort((a, b) => (String(a[1]) + a[0] < String(b[1]) + b[0] ? -1 : 1))
      rows.unshift(
        ...versions.flatMap(row =>
          row.criteria.flatMap(one => [
            criterion(row, position.get(one.question), `${one.name}; weight ${one.weight}`, row.because),
            ...one.values.map((says, at) => criterion(row, position.get(one.question), `${at + 1}: ${says}`, null)),
          ]),
        ),
        ...samples.map(row => ['sample', `Sample ${row.sample}`, who(row.reader), '', row.value, '', '', '', '', '']),
        ...overrides.map(row => [
          'looked',
          '',
          who(row.reader),
          '',
          row.because,
          '',
          '',
          'no',
          '',
          row.at.toISOString(),
        ]),
        ...acts.flatMap(row => [
          act(row, 'decided', officer(row.decided_by), row.decided_at),
          ...(row.ended_at ? [act(row, row.alone ?? row.state, officer(row.ended_by), row.ended_at)] : []),
        ]),
      )
      const file = csv(header, rows)
      await note(tx, house, by, 'review exported', round.id, {
        rows: rows.length,
        sha256: createHash('sha256').update(file).digest('hex'),
      })
      return file
    })
    return reply
      .header('content-disposition', 'attachment; filename="review.csv"')
      .type('text/csv; charset=utf-8')
      .send(text)
  })
}

function criterion(
  row: { version: number; made_at: Date },
  question: string | undefined,
  says: string,
  because: string | null,
) {
  return ['criterion', '', '', question ?? '', says, row.version, because ?? '', '', '', row.made_at.toISOString()]
}

/** An act of deciding: how many, by which rule, and who decided or confirmed it. */
function act(row: Act, state: string, by: string, at: Date) {
  const says = `${row.verdict}: ${row.count}${row.rule ? `, ${row.rule}` : ''}`
  return [
    'act',
    '',
    by,
    '',
    says,
    '',
    `${state}${state === 'decided' ? `, ${row.reason}` : ''}`,
    '',
    '',
    at.toISOString(),
  ]
}
