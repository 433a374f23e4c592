import { adjustments, isAsked } from './adjustments.ts'
import { ageRange } from './age-range.ts'
import { area } from './area.ts'
import { contact } from './contact.ts'
import { gender } from './gender.ts'
import { landlord } from './landlord.ts'
import { name } from './name.ts'
import type { Desk, Page } from './page.ts'
import { skills } from './skills.ts'

/** The question pages in order. */
export const pages: readonly Page[] = [name, contact, landlord, area, ageRange, gender, skills, adjustments]

/** The pages that are asked today: questions about health only while the law's conditions are met. */
export async function pagesAsked(desk: Desk): Promise<readonly Page[]> {
  return (await isAsked(desk)) ? pages : pages.filter(page => page !== adjustments)
}

/** What must be answered before an application can be sent; everything else may be left out. */
export const needed = ['name', 'contact', 'landlord', 'area'] as const
