import { type SqlBool, sql } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import './tables.ts'

/** How many letters wait for a person: to print and post, to read out by phone, and those that were refused. */
export async function countOutside(tx: Tx): Promise<{ post: number; call: number; stuck: number }> {
  return tx
    .selectFrom('message')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere(sql<SqlBool>`state = 'waiting' and channel = 'letter'`).as('post'),
      fn.countAll<number>().filterWhere(sql<SqlBool>`state = 'waiting' and channel = 'call'`).as('call'),
      fn.countAll<number>().filterWhere('state', '=', 'stuck').as('stuck'),
    ])
    .executeTakeFirstOrThrow()
}
