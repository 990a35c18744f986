"""Who must stay out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.services import bans
from app.services.errors import ServiceError
from app.web.admin.base import Page, act, acting, blueprint, page_number, why
from app.web.admin.forms import BanForm
from app.web.context import house


@blueprint.get("/bans")
def bans_page() -> str:
    """All bans that hold, and a form for more: `?addresses=…` fills it in."""
    return _page(BanForm(addresses=request.args.get("addresses", "")))


@blueprint.post("/bans")
def ban_addresses() -> Page:
    """Keep addresses out; all of them, or if one is none, none of them."""
    form = BanForm()
    if form.validate():
        chosen = bans.split(form.addresses.data or "")
        try:
            banned = bans.ban(
                house(), acting(), chosen, form.reason.data or "", form.until(house().clock())
            )
        except ServiceError as error:
            form.refuse(error, why(error))
        else:
            count = len(banned)
            flash(ngettext("%(num)s range is banned.", "%(num)s ranges are banned.", count))
            return redirect(url_for("admin.bans_page"), 303)
    return _page(form), 422


@blueprint.post("/bans/remove")
def unban_address() -> Response:
    """Let an address or a range in again."""
    network = request.form.get("network", "")
    return act(
        lambda: bans.unban(house(), acting(), bans.split(network)),
        _("%(network)s may come in again.", network=network),
        url_for("admin.bans_page"),
    )


def _page(form: BanForm) -> str:
    return render_template(
        "admin/bans.html", form=form, listing=bans.listed(house(), page_number())
    )
