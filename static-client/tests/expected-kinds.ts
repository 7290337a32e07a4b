/**
 * What people who know these fields would call them, by the type's whole key: written from the types' own
 * documentation, and not from the code that it checks. A `+` marks several values; where types differ under
 * one key, the schema's type follows it.
 */
import type { FieldKind } from '../src/engine/protocol';

type Names = Partial<Record<FieldKind, string>>;

export const SYSTEM_FIELDS: Names = {
  key: `
    issuekey
  `,
  text: `
    summary
    description
    environment
  `,
  number: `
    votes
    watches
    comment
    worklog
    attachment
  `,
  duration: `
    timespent
    timeestimate
    timeoriginalestimate
    aggregatetimespent
    aggregatetimeestimate
    aggregatetimeoriginalestimate
  `,
  progress: `
    progress
    aggregateprogress
    workratio
  `,
  date: `
    duedate
  `,
  datetime: `
    created
    updated
    resolutiondate
    lastViewed
    statuscategorychangedate
    archiveddate
  `,
  user: `
    assignee
    reporter
    creator
    archivedby
  `,
  option: `
    security
  `,
  label: `
    labels +
  `,
  component: `
    components +
  `,
  version: `
    versions +
    fixVersions +
  `,
  status: `
    status
    statusCategory
  `,
  priority: `
    priority
  `,
  resolution: `
    resolution
  `,
  project: `
    project
  `,
  issuetype: `
    issuetype
  `,
  issue: `
    parent
    subtasks +
    issuelinks +
  `,
  unknown: `
    timetracking
    thumbnail
    issuerestriction
  `,
};

export const CUSTOM_TYPES: Names = {
  text: `
    com.atlassian.jira.plugin.system.customfieldtypes:textarea
    com.atlassian.jira.plugin.system.customfieldtypes:textfield
    com.atlassian.jira.plugin.system.customfieldtypes:readonlyfield
    com.atlassian.jira.plugin.system.customfieldtypes:url
    com.atlassian.jira.modules.servicemanagement.major-incident-entity:major-incident-entity-field-cftype
    com.atlassian.jira.toolkit:message
    com.atlassian.jira.toolkit:viewmessage
    com.atlassian.jira.toolkit:userproperty
    com.atlassian.jira.toolkit:multikeyfield
    com.atlassian.jira.toolkit:reporterdomain
    com.atlassian.jirafisheyeplugin:jobcheckbox
    com.atlassian.support.jira.regex.plugin.regex-custom-field-support:regex-custom-field
    com.pyxis.greenhopper.jira:gh-epic-color
    com.pyxis.greenhopper.jira:gh-epic-label
    com.pyxis.greenhopper.jira:jsw-issue-color
    com.onresolve.jira.groovy.groovyrunner:scripted-field string
  `,
  number: `
    com.atlassian.jira.plugin.system.customfieldtypes:float
    com.atlassian.jira.plugin.system.customfieldtypes:importid
    com.atlassian.jira.plugins.jira-importers-plugin:bug-importid
    com.atlassian.jpo:jpo-custom-field-original-story-points
    com.pyxis.greenhopper.jira:jsw-story-points
    com.pyxis.greenhopper.jira:gh-global-rank
    com.atlassian.jira.toolkit:comments
    com.atlassian.servicedesk:sd-request-feedback
    com.fca.jira.plugins.workflowToolbox.workflow-toolbox:calculated-number-field
    com.froglogic.jira.eventumlinks.eventumlinks:eventum-tickets-count-field-type
    com.onresolve.jira.groovy.groovyrunner:scripted-field number
    com.redhat.engineering.step.step-sfdc-plugin:sfdc_cases
    com.redhat.engineering.step.step-sfdc-plugin:sfdc_cases_counter
    read-only-number-issue-field
  `,
  date: `
    com.atlassian.jira.plugin.system.customfieldtypes:datepicker
    com.atlassian.jpo:jpo-custom-field-baseline-end
    com.atlassian.jpo:jpo-custom-field-baseline-start
  `,
  datetime: `
    com.atlassian.jira.plugin.system.customfieldtypes:datetime
    com.atlassian.jira.ext.charting:firstresponsedate
    com.atlassian.jira.toolkit:LastCommentDate
    com.atlassian.servicedesk:sd-request-feedback-date
  `,
  user: `
    com.atlassian.jira.plugin.system.customfieldtypes:userpicker
    com.atlassian.jira.plugin.system.customfieldtypes:multiuserpicker +
    com.atlassian.jira.toolkit:lastupdaterorcommenter
    com.atlassian.jira.toolkit:participants +
    com.atlassian.servicedesk:sd-request-participants +
    com.burningcode.jira.issue.customfields.impl.jira-watcher-field:watcherfieldtype +
  `,
  option: `
    com.atlassian.jira.plugin.system.customfieldtypes:select
    com.atlassian.jira.plugin.system.customfieldtypes:radiobuttons
    com.atlassian.jira.plugin.system.customfieldtypes:cascadingselect
    com.atlassian.jira.plugin.system.customfieldtypes:multiselect +
    com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes +
    com.atlassian.jira.plugin.system.customfieldtypes:multigrouppicker +
    com.atlassian.jira.plugins.service-entity:service-entity-field-cftype +
    com.atlassian.jira.plugins.work-category-field:work-category-field-cftype
    com.atlassian.servicedesk.servicedesk-lingo-integration-plugin:sd-request-language
    com.atlassian.servicedesk:sd-customer-organizations +
    com.atlassian.servicedesk:vp-origin
    com.atlassian.teams:rm-teams-custom-field-team
    com.codebarrel.jira.iconselectlist:icon-multi-select-cf +
    com.pyxis.greenhopper.jira:gh-epic-status
    jira.plugin.projectspecificselectfield.jpssf:multicftype +
    org.jboss.labs.jira.plugin.jboss-custom-field-types-plugin:jbonlymultiselect +
    org.jboss.labs.jira.plugin.jboss-custom-field-types-plugin:jbonlyselect
    org.jboss.labs.jira.plugin.jboss-custom-field-types-plugin:securitysensitiveissue +
  `,
  label: `
    com.atlassian.jira.plugin.system.customfieldtypes:labels +
    com.atlassian.jira.modules.servicemanagement.responders-entity:responders-entity-field-cftype +
  `,
  version: `
    com.atlassian.jira.plugin.system.customfieldtypes:version
    com.atlassian.jira.plugin.system.customfieldtypes:multiversion +
    com.pyxis.greenhopper.jira:greenhopper-releasedmultiversionhistory
    org.jboss.labs.jira.plugin.cdw-plugin:cdwtargetreleasebyversion
  `,
  sprint: `
    com.pyxis.greenhopper.jira:gh-sprint +
  `,
  issue: `
    com.pyxis.greenhopper.jira:gh-epic-link
    com.atlassian.jpo:jpo-custom-field-parent
    com.onresolve.jira.groovy.groovyrunner:scripted-field issuelinks
    com.onresolve.jira.groovy.groovyrunner:single-issue-picker-cf
  `,
  project: `
    com.atlassian.jira.plugin.system.customfieldtypes:project
  `,
  rank: `
    com.pyxis.greenhopper.jira:gh-lexo-rank
  `,
  unknown: `
    com.atlassian.jira.ext.charting:timeinstatus
    com.atlassian.jira.plugins.jira-development-integration-plugin:devsummary
    com.atlassian.jira.plugins.jira-development-integration-plugin:devsummarycf
    com.atlassian.jira.toolkit:dayslastcommented
    com.atlassian.jira.toolkit:lastusercommented
    com.atlassian.jira.toolkit:supporttools
    com.atlassian.servicedesk.approvals-plugin:sd-approvals
    com.atlassian.servicedesk.incident-management-plugin:sd-incidents-link
    com.atlassian.servicedesk:sd-sla-field
    com.froglogic.jira.eventumlinks.eventumlinks:eventum-tickets-field-type
    com.go2group.jira.plugin.crm:crm_generic_field
    com.intenso.jira.issue-templates:issue-templates-customfield
    com.onresolve.jira.groovy.groovyrunner:jqlFunctionsCustomFieldType
    com.onresolve.jira.groovy.groovyrunner:scripted-field any
    com.qotilabs.jira.rich-filters-service-desk-dashboards:sla-index-cf-type
    com.redhat.engineering.step.step-bugzilla-plugin:cfRhbzBug
    com.xiplink.jira.git.jira_git_plugin:gitbranches
    com.xiplink.jira.git.jira_git_plugin:gitcommitsreferenced
    net.customware.plugins.connector.atlassian.jira-connector-plugin:remotesystem-id-customfield
    org.jboss.labs.jira.plugin.cdw-plugin:ccsprioflag
    org.jboss.labs.jira.plugin.cdw-plugin:cdwflagdevel
    org.jboss.labs.jira.plugin.cdw-plugin:cdwflagdocs
    org.jboss.labs.jira.plugin.cdw-plugin:cdwflagpm
    org.jboss.labs.jira.plugin.cdw-plugin:cdwflagprogman
    org.jboss.labs.jira.plugin.cdw-plugin:cdwflagqa
    org.jboss.labs.jira.plugin.cdw-plugin:cdwflagrelease
    org.jboss.labs.jira.plugin.cdw-plugin:cirflag
    org.jboss.labs.jira.plugin.jboss-custom-field-types-plugin:jbonlymultiurl +
    org.jboss.labs.jira.plugin.jboss-custom-field-types-plugin:multiurl +
  `,
};
