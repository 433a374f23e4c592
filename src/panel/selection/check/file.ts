import { z } from 'zod'

/** A selection as `panel select --json` writes it, as far as it is checked. */
export const selectionFile = z.object({
  objective: z.enum(['leximin', 'maximin', 'nash', 'goldilocks']),
  size: z.number().int(),
  seed: z.string(),
  cap: z.number().positive().max(1).default(1),
  types: z.array(
    z.object({
      features: z.record(z.string(), z.string()),
      people: z.array(z.string()).min(1),
      probability: z.number(),
      weight: z.number().optional(),
    }),
  ),
  lottery: z.array(
    z.object({ probability: z.number(), counts: z.array(z.tuple([z.number().int(), z.number().int()])) }),
  ),
  selected: z.array(z.string()),
  reserves: z.array(z.string()),
  confirmed: z.array(z.string()).default([]),
  panels: z.array(z.array(z.string())).optional(),
  panel: z.number().int().optional(),
  unreachable: z.array(z.object({ type: z.number().int() })),
  commitment: z.string(),
  certificate: z.object({
    optimal: z.boolean(),
    gap: z.number(),
    bound: z.number(),
    stages: z.array(z.tuple([z.number(), z.number().int()])),
    proof: z.enum(['relaxation', 'pricing']),
    weights: z.array(z.array(z.tuple([z.number().int(), z.number()]))).default([]),
  }),
})
export type SelectionFile = z.output<typeof selectionFile>

/** How far a claimed number may lie from what is worked out here. */
export const TOLERANCE = 1e-7
