import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'

/** The names of staff whose ids stand in a register; a part of the service is named as it is, and who has left is not. */
export async function staffNames(
  tx: Tx,
  house: House,
  by: Actor,
  ids: readonly (string | null)[],
): Promise<(id: string | null) => string> {
  const people = [...new Set(ids.filter(id => id !== null && /^[0-9a-f-]{36}$/.test(id)))].filter(id => id !== null)
  const ask = { by, for: 'exercise rights', fields: ['name'], related: people } as const
  const opened = people.length ? await house.vault.open(tx, 'staff', ask, people) : []
  const names = new Map(opened.map(one => [one.id, one.name ?? '']))
  return id => {
    if (id === null) return ''
    if (id.startsWith('system:')) return 'the service'
    return names.get(id) || 'someone whose account has ended'
  }
}
