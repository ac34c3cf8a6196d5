"""The site's addresses."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from clinic_site import crawlers, errors, views
from clinic_site.look import styleguide
from clinic_site.search import results
from clinic_site.staff import (
    kept_typing,
    own_sign_in,
    passkey_pages,
    second_factor_pages,
    sign_in,
)
from clinic_site.staff.new_password import AskForNewPassword, SetNewPassword
from conditions.views import public

handler400 = "clinic_site.errors.bad_request"
handler403 = "clinic_site.errors.permission_denied"
handler404 = "clinic_site.errors.page_not_found"
handler500 = "clinic_site.errors.server_error"

admin.site.login_form = sign_in.SignInForm

# Under the names that the admin's sign-in page looks for.
password_reset = [
    path("password_reset/", AskForNewPassword.as_view(), name="admin_password_reset"),
    path("password_reset/done/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", SetNewPassword.as_view(), name="password_reset_confirm"),
    path("reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]

second_factor = [
    path("", second_factor_pages.ask, name="second_factor"),
    path("set-up/", second_factor_pages.set_up, name="second_factor_set_up"),
    path("passkey/", passkey_pages.show, name="passkey"),
    path("passkey/asked/", passkey_pages.ask_to_show, name="passkey_asked"),
    path("passkeys/new/", passkey_pages.new, name="passkey_new"),
    path("passkeys/new/asked/", passkey_pages.ask_for_new, name="passkey_new_asked"),
    path("codes/", admin.site.admin_view(second_factor_pages.codes), name="second_factor_codes"),
    path(
        "reset/<int:pk>/",
        admin.site.admin_view(second_factor_pages.reset),
        name="second_factor_reset",
    ),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", results.search, name="search"),
    path("theme.css", views.theme, name="theme"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/styles.css", styleguide.both_styles, name="both_styles"),
    path("card.png", views.card, name="card"),
    path("", include("conditions.urls")),
    path("", include("booking.urls")),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", public(sitemap), {"sitemaps": crawlers.SITEMAPS}, name="sitemap"),
    path("admin/login/", sign_in.sign_in),
    path("admin/logout/", admin.site.admin_view(sign_in.sign_out)),
    path("admin/", include(password_reset)),
    path("admin/second-factor/", include(second_factor)),
    path("admin/own-sign-in/", admin.site.admin_view(own_sign_in.page), name="own_sign_in"),
    path("admin/typing/", admin.site.admin_view(kept_typing.page), name="kept_typing"),
    path("admin/desk/", include("booking.desk.urls")),
    # No form asks it, and it would find people by their names, without a look.
    path("admin/autocomplete/", admin.site.admin_view(errors.nothing_here)),
    path("admin/", admin.site.urls),
]
