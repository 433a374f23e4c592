import type { FastifyInstance } from 'fastify'
import { letterRoutes } from '#src/panel/correspondence/routes.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { audienceRoutes } from '#src/panel/membership/audiences/routes.ts'
import { charterRoutes } from '#src/panel/membership/charter/charter.ts'
import { concernRoutes } from '#src/panel/membership/concerns/routes.ts'
import { contactRoutes } from '#src/panel/membership/contacts/routes.ts'
import { datesKept } from '#src/panel/membership/dates-kept.ts'
import { myMembershipRoutes } from '#src/panel/membership/me-routes.ts'
import { memberRoutes } from '#src/panel/membership/member-routes.ts'
import { standingOf } from '#src/panel/membership/members.ts'
import { membersRoutes } from '#src/panel/membership/members-routes.ts'
import { oneOfferRoutes } from '#src/panel/membership/offers/one-routes.ts'
import { placesOf } from '#src/panel/membership/offers/places.ts'
import { offerRoutes } from '#src/panel/membership/offers/routes.ts'
import { myAdjustmentRoutes } from '#src/panel/membership/own/adjustments.ts'
import { myEqualityRoutes } from '#src/panel/membership/own/equality.ts'
import { myPreferenceRoutes } from '#src/panel/membership/own/preferences.ts'
import { placeOf } from '#src/panel/membership/place-of.ts'
import { removalRoutes } from '#src/panel/membership/removal/routes.ts'
import { applyRoutes } from '#src/panel/recruitment/apply/routes.ts'
import { councils } from '#src/panel/recruitment/councils.ts'
import { officerRoutes } from '#src/panel/recruitment/officer.ts'
import { ageRanges, genders, tenancies } from '#src/panel/recruitment/options.ts'
import { representationRoutes } from '#src/panel/representation/routes.ts'
import { readerConcernRoutes } from '#src/panel/review/concern-routes.ts'
import { poolOf } from '#src/panel/review/decisions.ts'
import { hangBlindness } from '#src/panel/review/gate.ts'
import { reviewRoutes } from '#src/panel/review/routes.ts'
import { publicSelectionRoutes } from '#src/panel/selection/board/public.ts'
import { boardRoutes } from '#src/panel/selection/board/routes.ts'
import { demoRoutes } from '#src/people/demo/routes.ts'
import { authorizeFor, hangDoors } from '#src/people/doors/access.ts'
import { doorRoutes } from '#src/people/doors/routes.ts'
import { dataRoutes } from '#src/people/me/data/routes.ts'
import { said } from '#src/people/me/data/words.ts'
import { detailsRoutes } from '#src/people/me/details/routes.ts'
import { meRoutes } from '#src/people/me/routes.ts'
import { supporterDoor } from '#src/people/me/supporter/door.ts'
import { supporterRoutes } from '#src/people/me/supporter/routes.ts'
import { markFiles } from '#src/people/practice/mark.ts'
import { practiceRoutes } from '#src/people/practice/routes.ts'
import { publicRoutes } from '#src/people/public/routes.ts'
import { doorsKept } from '#src/people/staff/doors-kept.ts'
import { officersFor } from '#src/people/staff/officers.ts'
import { reviewersFor, staffNamesFor } from '#src/people/staff/reviewers.ts'
import { roundSteps } from '#src/people/staff/round-steps.ts'
import { staffRoutes } from '#src/people/staff/routes.ts'
import { todayRoutes } from '#src/people/staff/today.ts'
import { todayProviders } from '#src/people/staff/today-items.ts'
import { sayDate } from '#src/platform/calendar/london.ts'
import { server, type WebOptions } from '#src/platform/web/server.ts'
import { breachRoutes } from '#src/promises/breaches/routes.ts'
import { disclosureRoutes } from '#src/promises/disclosures/routes.ts'
import { evidenceRoutes } from '#src/promises/evidence/routes.ts'
import type { House } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { contact } from '#src/promises/notice/contact.ts'
import { processorRoutes } from '#src/promises/processors/routes.ts'
import { noticeRoutes } from '#src/promises/publishing/routes.ts'
import { registerRoutes } from '#src/promises/registers/routes.ts'
import { retentionRoutes } from '#src/promises/retention/routes.ts'
import type { WriteToRequester } from '#src/promises/rights/cases.ts'
import { caseRoutes } from '#src/promises/rights/routes.ts'

/** The whole site: the server, the doors, and every room's pages. */
export async function openSite(
  house: House,
  options: Pick<WebOptions, 'log' | 'onResponse'> = {},
): Promise<FastifyInstance> {
  const { config } = house
  const app = await server({
    baseUrl: config.baseUrl,
    demo: config.mode === 'demo',
    proxies: config.proxies,
    cookieSecret: await house.vault.secret('cookies'),
    brand: { name: contact.panel, body: contact.body, phone: contact.phone },
    authorize: authorizeFor(house),
    ...options,
  })
  hangDoors(app, house)
  markFiles(app)
  hangBlindness(app, house)
  await publicRoutes(app, house)
  await doorRoutes(app, house)
  await noticeRoutes(app, house)
  await evidenceRoutes(app, house, [datesKept, doorsKept])
  await registerRoutes(app, house)
  await breachRoutes(app, house)
  await processorRoutes(app, house)
  await retentionRoutes(app, house)
  await applyRoutes(app, house)
  await meRoutes(app, house)
  await dataRoutes(app, house)
  await detailsRoutes(app, house)
  await supporterRoutes(app, house)
  await supporterDoor(app, house)
  const toRequester: WriteToRequester = (tx, id, letter, detail) =>
    tell(tx, house, system('rights'), id, letter, { ...detail, ...(detail.due ? { due: sayDate(detail.due) } : {}) })
  await disclosureRoutes(app, house, toRequester)
  const areas = Object.fromEntries(councils.map(one => [one.code, one.name]))
  await caseRoutes(app, house, toRequester, {
    choices: { tenancy: tenancies, ageRange: ageRanges, gender: genders, area: areas },
    standingOf,
    said,
  })
  await todayRoutes(app, house, todayProviders)
  await staffRoutes(app, house)
  await practiceRoutes(app, house)
  await officerRoutes(app, house, roundSteps, placeOf)
  await letterRoutes(app, house)
  await representationRoutes(app, house)
  await reviewRoutes(app, house, reviewersFor, staffNamesFor, roundSteps)
  await boardRoutes(app, house, { poolOf, placesOf })
  await publicSelectionRoutes(app, house)
  await membersRoutes(app, house)
  await memberRoutes(app, house)
  await offerRoutes(app, house)
  await oneOfferRoutes(app, house)
  await charterRoutes(app)
  await audienceRoutes(app, house)
  await contactRoutes(app, house)
  await removalRoutes(app, house)
  await concernRoutes(app, house, officersFor)
  await readerConcernRoutes(app, house, officersFor)
  await myMembershipRoutes(app, house)
  await myAdjustmentRoutes(app, house)
  await myPreferenceRoutes(app, house)
  await myEqualityRoutes(app, house)
  if (config.mode === 'demo') await demoRoutes(app, house)
  return app
}
