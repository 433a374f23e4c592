import { z } from 'zod'

// Values are sealed as text; the structured ones as JSON, written and read here alone.

const address = z.object({ lines: z.array(z.string()).min(1).max(5), postcode: z.string() })
export type Address = z.output<typeof address>

const adjustments = z.object({ ticked: z.array(z.string()), words: z.string().default('') })
export type AdjustmentNeeds = z.output<typeof adjustments>

/** Answers to the round's questions, by question id. */
const answers = z.record(z.string(), z.string())
export type Answers = z.output<typeof answers>

/** Changes of address of the last 72 hours, oldest first. `from` is empty where there was none. */
const addressChanges = z.array(z.object({ id: z.string(), from: z.string(), to: z.string() }))
export type AddressChanges = z.output<typeof addressChanges>

function codec<T>(schema: z.ZodType<T>) {
  return {
    write: (value: T): string => JSON.stringify(value),
    read: (text: string | undefined): T | undefined => {
      if (!text) return undefined
      const parsed = schema.safeParse(JSON.parse(text))
      return parsed.success ? parsed.data : undefined
    },
  }
}

export const addressValue = codec(address)
export const codesValue = codec(z.array(z.string()))
export const addressChangesValue = codec(addressChanges)
export const adjustmentsValue = codec(adjustments)
export const answersValue = codec(answers)
