import type { Clause } from '../clauses.ts'
import type { Purpose } from '../purposes.ts'

export type Recipient = 'GovDelivery' | 'Zoom' | 'mail service'

export interface FieldRule {
  clause: Clause
  /** What a resident calls it. */
  says: string
  /** Fideslang 3 category, or our own word where it has none. */
  category: string
  special: boolean
  provenance: 'subject' | 'observed' | 'staff'
  necessity: string
  purposes: readonly Purpose[]
  recipients: readonly Recipient[]
  /** An equality answer: no supporter sees or writes it, whatever the purpose. */
  equality?: true
}

export const everyRight = ['answer access requests', 'exercise rights', 'defend claims', 'store'] as const
export const disclosable = [
  'answer law enforcement',
  'answer legal representatives',
  'answer safeguarding',
  'answer other requests',
] as const
export const ordinary = { special: false, provenance: 'subject', recipients: [] } as const
