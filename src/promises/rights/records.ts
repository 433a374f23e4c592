import type { Tx } from '#src/platform/database/database.ts'

const PAGE = 2000

/** The ids of every panel record that is held, a page at a time: each page is one search in the ledger for who looks. */
export async function* panelRecords(tx: Tx): AsyncGenerator<string[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await tx
      .selectFrom('dossier')
      .select('id')
      .where('kind', '=', 'panel')
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    after = last.id
    yield rows.map(row => row.id)
  }
}
