import { importApplicants } from '#src/panel/recruitment/import/import.ts'
import type { Applicant } from '#src/panel/recruitment/import/read.ts'
import { roundById } from '#src/panel/recruitment/round.ts'
import { type House, within } from '#src/promises/house.ts'
import { grace } from './settled.ts'

/** An applicant who gave a name and a home; a test says what matters to it. */
export function applicant(values: Applicant['values'], more: Partial<Applicant> = {}): Applicant {
  const usual = { area: 'E08000035', landlord: 'Alder Homes', channel: 'email' }
  return {
    values: { ...usual, ...values },
    receivedOn: undefined,
    landlordUnlisted: false,
    markedSpecial: false,
    ...more,
  }
}

/** Puts sent applications into a round, in order. Returns their ids. */
export function sent(house: House, round: string, applicants: readonly Applicant[]): Promise<string[]> {
  return within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const found = await roundById(tx, round)
    if (!found) throw new Error('There is no such round.')
    return importApplicants(tx, house, grace, found, applicants)
  })
}
