"""Signing in and out, accounts and guests: who is at the other end of a page."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.extensions import login_manager
from app.services import accounts, sessions
from app.services.errors import ServiceError
from app.services.sessions import Caller, SignedIn
from app.web.context import client, house
from app.web.forms import GuestForm, RegisterForm, SignInForm, next_path, refuse
from app.web.start import start_page

blueprint = Blueprint("auth", __name__)

Page = Response | str | tuple[str, int]


class WebUser(UserMixin):
    """Whoever this browser's cookie says is here."""

    def __init__(self, caller: Caller, token: str) -> None:
        self.caller = caller
        self._token = token

    @property
    def name(self) -> str:
        return self.caller.name

    @property
    def registered(self) -> bool:
        return self.caller.registered

    def get_id(self) -> str:
        """The session's secret token: in the signed cookie, and nowhere else."""
        return self._token


def load_user(token: str) -> WebUser | None:
    """Whom a cookie stands for, or None once its session has ended."""
    caller = sessions.resume(house(), token)
    return None if caller is None else WebUser(caller, token)


def ask_to_sign_in() -> Response:
    """Send a stranger to the sign-in page, and afterwards back to the page they wanted."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    flash(_("Sign in, or play as a guest, to go there."))
    return redirect(url_for("auth.sign_in", next=wanted))


def enter(signed_in: SignedIn) -> None:
    """Begin a session in this browser, with nothing carried over from the one before."""
    if current_user.is_authenticated:
        sessions.sign_out(house(), current_user.caller)
    session.clear()
    session.permanent = True
    login_user(WebUser(signed_in.caller, signed_in.token))


def renew_secret() -> None:
    """Give this browser another secret for its session, and its forms another token.

    For when the session comes to be worth more, or the old secret may be known to others: whoever
    has planted or stolen the cookie is left with nothing.
    """
    caller = current_user.caller
    token = sessions.renew(house(), caller)
    if token is None:  # ended meanwhile, from elsewhere
        logout_user()
        return
    session.pop("csrf_token", None)
    login_user(WebUser(caller, token))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Page:
    """Sign in to an account. A guest may, too, and leaves the guest's name behind."""
    if current_user.is_authenticated and current_user.registered:
        return redirect(next_path(url_for("lobby.index")))
    form, status = SignInForm(next=request.args.get("next")), 200
    if form.validate_on_submit():
        try:
            enter(accounts.sign_in(house(), form.name.data, form.password.data, client=client()))
        except ServiceError as error:
            if error.code in ("bad_name", "bad_password"):
                error = ServiceError("wrong_password", error.msg)
            status = refuse(form, error, {"wrong_password": "password"})
        else:
            return redirect(next_path(url_for("lobby.index")))
    elif form.is_submitted():
        status = 422
    return render_template("auth/sign_in.html", form=form), status


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> Page:
    """Make an account. A guest is sent to where their own name and matches can be kept."""
    if current_user.is_authenticated:
        return redirect(url_for("settings.index", _anchor="keep"))
    form, status = RegisterForm(next=request.args.get("next")), 200
    if form.validate_on_submit():
        try:
            enter(accounts.register(house(), form.name.data, form.password.data, client=client()))
        except ServiceError as error:
            fields = {"bad_name": "name", "name_taken": "name", "bad_password": "password"}
            status = refuse(form, error, fields)
        else:
            flash(_("Welcome, %(name)s. Find an opponent to begin.", name=current_user.name))
            return redirect(next_path(url_for("lobby.index")))
    elif form.is_submitted():
        status = 422
    return render_template("auth/register.html", form=form), status


@blueprint.post("/guest")
def guest() -> Page:
    """Come in without an account, under the name in the field or one we make up."""
    if not current_user.is_authenticated and (refused := enter_as_guest()):
        return refused
    return redirect(next_path(url_for("lobby.index")))


def enter_as_guest() -> tuple[str, int] | None:
    """Sign a stranger in as a guest, under the name in the form; where that cannot be, the front
    page with why beside the field."""
    form = GuestForm()
    if not form.validate():
        abort(400)
    try:
        enter(accounts.guest(house(), form.name.data or None, client=client()))
    except ServiceError as error:
        return _guest_refused(form, error)
    return None


def _guest_refused(form: GuestForm, error: ServiceError) -> tuple[str, int]:
    if error.code == "bad_name" and not accounts.NAME.fullmatch(form.name.data):
        error = ServiceError("bad_guest_name", _("A name has 3 to 16 letters, digits, - or _."))
    fields = {"bad_name": "name", "bad_guest_name": "name", "name_taken": "name"}
    status = refuse(form, error, fields)
    return start_page(form), status


@blueprint.post("/sign-out")
def sign_out() -> Page:
    """End this browser's session, here and in the house."""
    if current_user.is_authenticated:
        sessions.sign_out(house(), current_user.caller)
        logout_user()
    session.clear()
    return redirect(url_for("start.index"))


def init_app(app: Flask) -> None:
    """Let Flask-Login know who is who."""
    login_manager.init_app(app)
    login_manager.user_loader(load_user)
    login_manager.unauthorized_handler(ask_to_sign_in)
