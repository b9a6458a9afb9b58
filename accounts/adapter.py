"""Where the portal differs from allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_safe_url(self, url):
        """Say no to addresses that cannot be parsed, such as `http://[::1`, instead of failing."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False
