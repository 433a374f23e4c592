import type { Tx } from '#src/platform/database/database.ts'

/** Everything that was read about one application, by readers' numbers: readings, scores under each version, conflicts. */
export async function historyOf(tx: Tx, round: string, dossier: string) {
  const readings = await tx
    .selectFrom('review_reading')
    .innerJoin('review_reader', on =>
      on
        .onRef('review_reader.round_id', '=', 'review_reading.round_id')
        .onRef('review_reader.reader', '=', 'review_reading.reader'),
    )
    .select(['id', 'number', 'state', 'anonymous', 'flagged_at', 'assigned_at', 'done_at'])
    .where('dossier_id', '=', dossier)
    .where('review_reading.round_id', '=', round)
    .orderBy('number')
    .execute()
  const scores = await tx
    .selectFrom('review_score')
    .innerJoin('question', 'question.id', 'review_score.question')
    .select(['reading_id', 'review_score.question', 'value', 'version', 'at'])
    .where('dossier_id', '=', dossier)
    .orderBy('version')
    .orderBy('question.position')
    .execute()
  const conflicts = await tx
    .selectFrom('review_conflict')
    .innerJoin('review_reader', on =>
      on
        .onRef('review_reader.round_id', '=', 'review_conflict.round_id')
        .onRef('review_reader.reader', '=', 'review_conflict.reader'),
    )
    .select(['number', 'how', 'review_conflict.at'])
    .where('dossier_id', '=', dossier)
    .orderBy('number')
    .execute()
  const criteria = await tx
    .selectFrom('review_criteria')
    .selectAll()
    .where('round_id', '=', round)
    .orderBy('version')
    .execute()
  return { readings, scores, conflicts, criteria }
}
