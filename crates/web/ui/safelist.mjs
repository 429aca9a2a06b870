// Classes and icons that no template names in full (made in code or by the script) or that pages to
// come will want. Kept small: every entry is weight.
export const classes = {
  standard: [/^badge/, /^bg-(primary|secondary|success|warning|danger|light|white)$/, /^alert/, /^is-invalid$/,
    /^btn(-(primary|secondary|outline-primary|outline-secondary|outline-danger|danger|success|link|sm|lg|xs|icon))?$/,
    /^(m|p)[tbsexy]?-[0-5]$/, /^m[sexy]?-(auto|md-auto)$/, /^gap-[0-5]$/, /^g-[0-5]$/,
    /^col(-(sm|md|lg|xl))?(-(\d+|auto))?$/, /^row(-cols(-(sm|md|lg))?-\d)?$/, /^order-(lg|md)-\d$/, /^offset-(md|lg)-\d$/,
    /^d-(none|block|flex|inline|inline-block|grid)$/, /^d-(sm|md|lg)-(none|block|flex|inline|inline-block|table-cell)$/,
    /^flex-(row|column|wrap|grow-1|shrink-0|fill|sm-row|md-row|lg-row)$/, /^justify-content-/, /^align-(items|self)-(start|center|end|baseline|stretch)$/,
    /^text-(start|end|center|break|nowrap|truncate|muted|secondary|primary|danger|success|warning|white|uppercase|lg-end|md-end|decoration-none)$/,
    /^fw-(normal|bold|semibold|light)$/, /^fs-[1-6]$/, /^h[1-6]$/, /^lead$/, /^small$/, /^font-monospace$/,
    /^border(-(top|bottom|start|end|0))?$/, /^rounded$/, /^shadow(-sm)?$/, /^w-(50|100|auto)$/, /^h-100$/,
    /^visually-hidden(-focusable)?$/, /^skiplinks$/, /^it-(header|nav|brand|footer|card|small|list)/, /^header-slim/, /^navbar-brand$/,
    /^breadcrumb/, /^separator$/, /^steppers/, /^confirmed$/, /^active$/, /^disabled$/, /^form-(group|control|check|check-group|check-inline|text|label)$/,
    /^select-wrapper$/, /^table(-(hover|striped|sm|responsive|responsive-lg|bordered))?$/, /^callout/, /^pagination/, /^page-(item|link)$/,
    /^nav(-(tabs|item|link))?$/, /^card(-(body|title|text|wrapper|bg))?$/, /^list-(group|group-item|unstyled|inline|inline-item)$/,
    /^icon(-(xs|sm|lg|xl|primary|success|warning|danger|white|secondary|padded))?$/, /^progress(-(bar|spinner|spinner-active))?$/,
    /^container(-xxl|-fluid)?$/, /^sito/, /^position-(relative|static|absolute)$/, /^overflow-(auto|hidden)$/, /^clearfix$/],
};
export const icons = ["it-arrow-left", "it-arrow-right", "it-ban", "it-calendar", "it-card", "it-chart-line", "it-check", "it-check-circle",
  "it-chevron-left", "it-chevron-right", "it-clip", "it-clock", "it-close", "it-close-circle", "it-copy", "it-delete", "it-download",
  "it-error", "it-exchange-circle", "it-expand", "it-external-link", "it-file", "it-file-csv", "it-file-pdf", "it-file-xml", "it-files",
  "it-flag", "it-funnel", "it-help-circle", "it-inbox", "it-info-circle", "it-key", "it-link", "it-list", "it-locked", "it-logout", "it-mail",
  "it-more-items", "it-pa", "it-pencil", "it-plug", "it-plus", "it-plus-circle", "it-print", "it-refresh", "it-restore", "it-search",
  "it-settings", "it-software", "it-tool", "it-upload", "it-user", "it-warning", "it-warning-circle"];
