import { certificates, holds } from './ended.ts'
import { fields, points, processing, retention } from './map.ts'
import { policy } from './policy.ts'
import type { Register } from './register.ts'
import { breaches, complaintCounts, complaints, disclosures, processors } from './use.ts'

/** Every register of the desk, by its name in addresses. */
export const registers: Record<string, Register> = {
  processing,
  policy,
  fields,
  processors,
  retention,
  holds,
  complaints,
  'complaint-counts': complaintCounts,
  disclosures,
  breaches,
  certificates,
  points,
}
