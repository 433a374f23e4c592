import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '../house.ts'
import { system } from '../notice/actor.ts'
import { panelRecords } from './records.ts'

const by = system('rights')
/** Where people and staff write words of their own. */
const fields = ['answers', 'reviewNotes', 'decisionReason', 'staffNote', 'withdrawalReason'] as const

/**
 * The other living records in whose words someone's full name stands. Erasure leaves those be: they are other people's
 * data, and a person decides what is taken out of them. Nobody is opened: it is one search in the ledger for each page.
 */
export async function mentionsOf(tx: Tx, house: House, id: string): Promise<string[]> {
  const [one] = await house.vault.open(tx, 'panel', { by, for: 'exercise rights', fields: ['name'] }, [id])
  const name = one?.name?.trim()
  if (!name?.includes(' ')) return []
  const words = name.split(/\s+/).map(word => word.replace(/[^\p{L}\p{N}]/gu, '\\$&'))
  const stands = new RegExp(`(?<![\\p{L}\\p{N}])${words.join('\\s+')}(?![\\p{L}\\p{N}])`, 'iu')
  const found: string[] = []
  for await (const page of panelRecords(tx)) {
    const others = page.filter(other => other !== id)
    const ask = { by, for: 'exercise rights', fields } as const
    const hits = await house.vault.search(tx, 'panel', ask, others, opened =>
      fields.some(field => stands.test(opened[field] ?? '')),
    )
    found.push(...hits)
  }
  return found
}
