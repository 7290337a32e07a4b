"""What invented issues are about. Projects share words, so that groups and searches meet several of them."""

from __future__ import annotations

THINGS = {
    "SHOP": (
        "basket",
        "product page",
        "search results",
        "wish list",
        "gift card",
        "category menu",
        "size guide",
        "order history",
        "newsletter banner",
        "voucher field",
        "delivery estimate",
        "image gallery",
    ),
    "PAY": (
        "card form",
        "refund",
        "invoice",
        "payout report",
        "direct debit mandate",
        "currency rate",
        "ledger export",
        "chargeback letter",
        "tax summary",
        "3-D Secure step",
        "settlement file",
        "dunning email",
    ),
    "MOB": (
        "start screen",
        "push message",
        "offline cache",
        "barcode scanner",
        "dark theme",
        "widget",
        "deep link",
        "fingerprint login",
        "photo upload",
        "crash reporter",
        "onboarding tour",
        "tablet layout",
    ),
    "OPS": (
        "build pipeline",
        "database replica",
        "log collector",
        "certificate",
        "message queue",
        "staging cluster",
        "backup job",
        "alert rule",
        "load balancer",
        "container image",
        "secret store",
        "cost dashboard",
    ),
    "HELP": (
        "password reset",
        "licence question",
        "broken invoice link",
        "missing parcel",
        "account merge",
        "slow page",
        "wrong address",
        "export request",
        "phone call",
        "chat transcript",
    ),
    "DOCS": ("style guide", "release notes", "glossary", "API tutorial", "screenshots", "translation memory"),
    "VAULT": (
        "key rotation",
        "penetration test",
        "audit log",
        "access review",
        "token leak",
        "password policy",
    ),
}

BUGS = (
    "{Thing} is empty after signing in again",
    "{Thing} shows yesterday's values until the page is reloaded",
    "Saving the {thing} twice in a row loses the second change",
    "{Thing} breaks the layout on narrow screens",
    "Error 500 when the {thing} has more than 1,000 entries",
    "{Thing} ignores the time zone of the reader",
    "Timeout while loading the {thing} in {place}",
    "{Thing}: wrong total when one line is free of charge",
)
STORIES = (
    "Let people sort the {thing} by date",
    "Remember the last choice in the {thing}",
    "Show how fresh the {thing} is",
    "Offer the {thing} in {place}",
    "As a manager I want to see the {thing} of my team",
    "Undo for the {thing}",
    "Make the {thing} usable by keyboard alone",
)
TASKS = (
    "Update the libraries behind the {thing}",
    "Write down how the {thing} works",
    "Measure the {thing} under load",
    "Remove the old {thing}",
    "Move the {thing} to the new service",
    "Clean up flags of the {thing}",
)
EPICS = (
    "{Thing} 2.0",
    "{Thing} for {place}",
    "Faster {thing}",
    "{Thing} without surprises",
    "Retire the old {thing}",
)
SUBTASKS = (
    "Tests for the {thing}",
    "Review wording of the {thing}",
    "Migrate data of the {thing}",
    "{Thing}: interface",
    "{Thing}: back end",
    "Announce the {thing}",
)
REQUESTS = (
    "Customer asks about {thing}",
    "{Thing} for customer {number}",
    "Urgent: {thing}",
    "Re: {thing} (again)",
)
PLACES = ("Newfoundland", "Bengal", "Brandenburg", "Portugal", "the Nordics", "Québec")

# Texts that careless software trips over.
ODD = (
    "🚀 Ship it! 🎉🎉 (finally) 👩‍👩‍👧‍👦",
    "<script>alert('summary')</script> <b>bold?</b> &amp; &lt;tag&gt;",
    "He said \"it's done\", she said 'no' — `code` \\ back\\slash",
    "خطأ في صفحة الدفع عند استخدام البطاقة",
    "שגיאה בעמוד התשלום (RTL) version 2.0",
    "結帳頁面在行動裝置上顯示錯誤的金額",
    "検索結果が表示されない問題を修正する",
    "Zero\u200bwidth\u200d and bi\u202edi\u202c control\ufeff characters",
    "=SUM(A1:A9)+cmd|' /C calc'!A0",
    "@everyone -- drop table issues; --",
    "Ünïcödé, naïve café, ﬁne ligatures, Z̷̢̛a̶l̴g̵o̷",
    "  leading, trailing and    inner   spaces  ",
    "| pipes | and | *stars* | _underscores_ | [links](javascript:alert(1)) |",
    "0",
    "NULL",
    "true",
    "1e309",
    "Very " + "very " * 45 + "long",
)
LABELS = (
    "accessibility",
    "backend",
    "customer-request",
    "flaky",
    "frontend",
    "good-first-issue",
    "legal",
    "performance",
    "quick-win",
    "regression",
    "security",
    "tech-debt",
    "übersetzung",
    "日本語",
    "🔥",
    "q1",
    "q2",
    "q3",
    "q4",
    "needs-design",
    "Needs-Design-2",
)
CUSTOMERS = ("Albatross_Air", "Birch&Sons", "Café_Luna", "Delta-9", "Éclair", "Fjord", "Gulliver")
SEVERITIES = ("Critical", "Major", "Minor", "Cosmetic")
AUDIENCES = ("Shoppers", "Merchants", "Staff", "Partners")
CAUSES = (
    "A missing index.",
    "Two clocks that disagreed by a minute.",
    "The cache outlived its entry.",
    "Nobody had tried it with an empty list.",
    "A rounding rule that differs by country.",
)
SENTENCES = (
    "It happens about once a day, mostly in the morning.",
    "Steps: open the page, wait a minute, press the button twice.",
    "The numbers should be the same as in the monthly report.",
    "We agreed to keep the old behaviour behind a flag for two weeks.",
    "See the sketch in the team folder; colours are not final.",
    "Please check with support before changing any wording.",
)
WORK = (
    "Analysis",
    "Pairing",
    "Implementation",
    "Review",
    "Fixing tests",
    "Meeting",
    "",
    "Deployment",
    "Rework",
)
