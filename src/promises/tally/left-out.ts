import { forPurpose, type Tx } from '#src/platform/database/database.ts'

/**
 * Those of these people who are in no count that outlasts their record: who objected (Art 21), unless that was refused,
 * and who stopped the use of their equality answer (DPA 2018 Sch 1 para 8(5)). Restricted people are in no count anyway.
 */
export function leftOut(tx: Tx, people: readonly string[]): Promise<Set<string>> {
  return forPurpose(tx, 'store', async () => {
    const out = new Set<string>()
    for (let from = 0; from < people.length; from += 5000) {
      const some = people.slice(from, from + 5000)
      const objections = await tx
        .selectFrom('rights_case')
        .select(['subject', 'decision'])
        .where('matter', '=', 'objection')
        .where('subject', 'in', some)
        .execute()
      for (const one of objections) if (one.subject && one.decision !== 'refused') out.add(one.subject)
      const stopped = await tx
        .selectFrom('ledger_entry')
        .select('subject')
        .where('subject', 'in', some)
        .where('act', '=', 'equality answer stopped')
        .execute()
      for (const one of stopped) if (one.subject) out.add(one.subject)
    }
    return out
  })
}
