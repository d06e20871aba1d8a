"""A vault opens for whom it should, as far as it should, and for no host that has other plans."""

from dataclasses import replace

import pytest

from gdpr.errors import (
    BadSignature,
    CardDisabled,
    NoKey,
    RootChanged,
    WrongPassword,
    WrongRecoveryKey,
)
from gdpr.vault.bundle import new_bundle, wrap_bundle
from gdpr.vault.cards import sign_card
from gdpr.vault.errors import BadWrap, CardRefused, SlotRefused, UnknownKeyVersion
from gdpr.vault.founding import Member, Owner, disable, found_vault, new_recovery, new_user, reissue
from gdpr.vault.kdf import FLOOR
from gdpr.vault.keyring import INTEGRITY, REGISTER, ROOT, SUPPRESSION, Keyring, new_secret
from gdpr.vault.opening import change_password, open_keyring, open_with_recovery
from gdpr.vault.recovery import new_recovery_key, parse_recovery_key
from gdpr.vault.root import fingerprint, new_root, verify_signature
from gdpr.vault.slots import seal_slot
from tests.gdpr.vault.founded import CATEGORIES, KINDS, OWNER, PASSWORD, found, keys_of
from tests.gdpr.vault.sealing import new_data_key, open_field, seal_field

PERSON = b"a person's id 16"
NEXT = "a-second-passphrase-of-an-owner"


@pytest.fixture(scope="module")
def owner(vault) -> Keyring:
    return open_keyring(vault.account, keys_of(vault, vault.slots), PASSWORD)


@pytest.fixture(scope="module")
def clerks(vault, clerk) -> Keyring:
    return open_keyring(clerk.account, keys_of(vault, clerk.slots), clerk.password)


def recovered(vault, recovery):
    keys = keys_of(vault, recovery.slots, proof=recovery.root_proof)
    typed = recovery.key.printed().lower().replace("-", " ")
    return open_with_recovery(
        recovery.card, recovery.card_signature, keys, parse_recovery_key(typed)
    )


def test_the_owner_reads_what_was_written_at_the_founding(vault, owner):
    """Password, slots and wraps lead to the very keys that the founding made."""
    key, wrapped = new_data_key(vault.keyring, "alpha", PERSON)
    sealed = seal_field(key, "Anna", b"place")
    assert open_field(owner.open_data_key("alpha", PERSON, wrapped), sealed, b"place") == "Anna"
    assert owner.integrity.digest(b"row") == vault.keyring.integrity.digest(b"row")
    assert owner.import_key.digest(b"file") == vault.keyring.import_key.digest(b"file")
    assert owner.integrity.digest(b"x") != owner.import_key.digest(b"x")
    for kind in (*KINDS, SUPPRESSION):
        assert owner.token_key(kind).token("x") == vault.keyring.token_key(kind).token("x")
    assert owner.categories() == set(CATEGORIES)
    assert owner.classes() == {*CATEGORIES, REGISTER, ROOT, SUPPRESSION}
    assert (owner.vault_id, owner.user_id, owner.card_counter) == (vault.vault_id, OWNER, 1)
    assert owner.root.public == vault.root_public


def test_a_role_without_a_key_has_nothing(vault, clerks, owner):
    """What a role may not read it can neither open, write, search, count on nor give away."""
    _, wrapped = new_data_key(owner, "beta", PERSON)
    assert clerks.categories() == {"alpha"}
    assert not clerks.can("beta")
    assert clerks.token_key("vat") is not None
    assert clerks.token_key("email") is None
    assert clerks.token_key(SUPPRESSION) is None
    for attempt in (
        lambda: clerks.open_data_key("beta", PERSON, wrapped),
        lambda: new_data_key(clerks, "beta", PERSON),
        lambda: clerks.new_data_keys(["alpha", "beta"], PERSON),
        lambda: clerks.rewrap("beta", PERSON, wrapped),
        lambda: clerks.version("beta"),
        lambda: clerks.unwrap_secret(next(one for one in vault.secrets if one.category == "beta")),
        lambda: clerks.new_version("beta", []),
        lambda: clerks.root,
    ):
        with pytest.raises(NoKey):
            attempt()


def test_only_categories_wrap_data_keys(owner):
    """Root seed, suppression key and register have their own uses and hold nothing personal."""
    assert not owner.can(ROOT)
    assert not owner.can(SUPPRESSION)
    for name in (ROOT, SUPPRESSION, REGISTER):
        with pytest.raises(NoKey):
            new_data_key(owner, name, PERSON)


def test_a_wrapped_key_knows_its_owner_and_category(owner):
    """A wrapped key copied to another person's row, or another column, does not open."""
    _, wrapped = new_data_key(owner, "alpha", PERSON)
    for category, person in (("alpha", OWNER), ("beta", PERSON)):
        with pytest.raises(BadWrap):
            owner.open_data_key(category, person, wrapped)
    with pytest.raises(ValueError, match="16 bytes"):
        new_data_key(owner, "alpha", b"short")


def test_keys_drawn_together_are_good_keys(owner):
    """The quick way for new people gives each category a key of its own that opens again."""
    made = owner.new_data_keys(CATEGORIES, PERSON)
    assert list(made) == list(CATEGORIES)
    for category, (key, wrapped) in made.items():
        opened = owner.open_data_key(category, PERSON, wrapped)
        assert open_field(opened, seal_field(key, category, b""), b"") == category
    alpha, beta = (wrapped for _, wrapped in made.values())
    assert alpha[5:17] != beta[5:17]
    assert alpha[17:] != beta[17:]


def test_a_kind_of_token_can_come_later(vault, owner):
    """A new kind of token gets its key from whoever holds the category, and is then everyone's."""
    secret = new_secret(owner._keys["alpha"][1], 1, vault.vault_id, "phone", "alpha")
    keys = keys_of(vault, vault.slots, secrets=(*vault.secrets, secret), active={"gamma": 3})
    ring = open_keyring(vault.account, keys, PASSWORD)
    assert ring.token_key("phone").token("x") != ring.token_key("vat").token("x")


def test_users_sign_as_themselves(clerk, clerks, owner):
    """A signature verifies under the card's key only, and for its message only."""
    public = clerk.account.card.ed_public
    signature = clerks.sign(b"entry")
    verify_signature(public, signature, b"entry")
    for key, sign, message in (
        (public, signature, b"other"),
        (public, owner.sign(b"entry"), b"entry"),
        (public, signature[:-1], b"entry"),
        (public[:-1], signature, b"entry"),
    ):
        with pytest.raises(BadSignature):
            verify_signature(key, sign, message)


def test_a_wrong_password_opens_nothing(vault):
    """The password counts to the letter, and an empty one is just as wrong."""
    for wrong in ("", PASSWORD + " ", PASSWORD.title()):
        with pytest.raises(WrongPassword):
            open_keyring(vault.account, keys_of(vault, vault.slots), wrong)


def test_a_new_password_shuts_out_the_old(vault, owner):
    """A change of password keeps every key, takes a fresh salt and forgets the old password."""
    changed = change_password(vault.account, PASSWORD, NEXT, FLOOR, vault.root_public)
    keys = keys_of(vault, vault.slots)
    opened = open_keyring(changed, keys, NEXT)
    assert opened.integrity.digest(b"") == owner.integrity.digest(b"")
    assert changed.kdf.salt != vault.account.kdf.salt
    assert changed.card == vault.account.card
    with pytest.raises(WrongPassword):
        open_keyring(changed, keys, PASSWORD)
    with pytest.raises(WrongPassword):
        change_password(vault.account, "not the old password", NEXT, FLOOR, vault.root_public)


def test_the_recovery_key_opens_everything(vault, owner):
    """The key on paper holds every class, and can make owners and a new recovery key."""
    ring = recovered(vault, vault.recovery)
    assert ring.classes() == owner.classes()
    assert ring.integrity.digest(b"") == owner.integrity.digest(b"")
    again = new_recovery(ring, counter=2)
    assert recovered(vault, again).classes() == owner.classes()
    assert again.key.printed() != vault.recovery.key.printed()


def test_another_recovery_key_opens_nothing(vault):
    """A well-written key of another vault, or of an earlier print, is told from a typing error."""
    keys = keys_of(vault, vault.recovery.slots)
    place = (vault.recovery.card, vault.recovery.card_signature, keys)
    with pytest.raises(WrongRecoveryKey):
        open_with_recovery(*place, new_recovery_key())
    renewed = new_recovery(vault.keyring, counter=2)
    with pytest.raises(SlotRefused):
        recovered(vault, replace(renewed, slots=vault.recovery.slots))


def test_a_users_card_is_no_recovery_card(vault):
    """The recovery way in takes the recovery card alone."""
    account = vault.account
    with pytest.raises(CardRefused):
        open_with_recovery(
            account.card,
            account.card_signature,
            keys_of(vault, vault.slots),
            vault.recovery.key,
        )


def test_a_swapped_root_is_seen(vault):
    """A host that founds its own vault in place of ours meets the pin, before any password."""
    forged = found()
    pin = fingerprint(vault.root_public)
    with pytest.raises(RootChanged):
        open_keyring(forged.account, keys_of(forged, forged.slots, pin=pin), PASSWORD)
    root = new_root().public
    with pytest.raises(RootChanged):
        open_keyring(vault.account, keys_of(vault, vault.slots, root_public=root), PASSWORD)
    keys = keys_of(vault, vault.slots, root_public=root, pin=None)
    with pytest.raises(BadSignature):
        open_keyring(vault.account, keys, PASSWORD)


def test_a_first_meeting_has_no_pin_yet(vault):
    """A desk without a pin opens the vault, so that it can pin what it met."""
    assert open_keyring(vault.account, keys_of(vault, vault.slots, pin=None), PASSWORD)


def test_a_swapped_public_key_is_seen(vault, clerk):
    """A host that puts its own key on a card gets neither an opening nor a grant."""
    mine = new_bundle(vault.root_public)
    card = replace(clerk.account.card, x_public=mine.x_public)
    swapped = replace(clerk.account, card=card)
    with pytest.raises(BadSignature):
        open_keyring(swapped, keys_of(vault, clerk.slots), clerk.password)
    for attempt in (
        lambda: reissue(vault.keyring, swapped, ("office",), CATEGORIES),
        lambda: disable(vault.keyring, swapped),
        lambda: vault.keyring.grant(card, clerk.account.card_signature, ["alpha"]),
        lambda: vault.keyring.new_version("alpha", [(card, clerk.account.card_signature)]),
    ):
        with pytest.raises(BadSignature):
            attempt()


def test_a_card_of_earlier_keys_is_seen(vault):
    """A card that the root once signed for other key pairs of the user does not pass."""
    other = new_bundle(vault.root_public)
    account = vault.account
    place = (vault.vault_id, OWNER)
    wrapped = wrap_bundle(other, PASSWORD, account.kdf, *place)
    with pytest.raises(CardRefused):
        open_keyring(
            replace(account, wrapped_bundle=wrapped), keys_of(vault, vault.slots), PASSWORD
        )


def test_a_card_of_another_vault_is_seen(vault):
    """Even the root's own signature does not carry a card into another vault."""
    card = replace(vault.account.card, vault_id=bytes(16))
    account = replace(vault.account, card=card, card_signature=sign_card(vault.keyring.root, card))
    with pytest.raises(CardRefused):
        open_keyring(account, keys_of(vault, vault.slots), PASSWORD)
    with pytest.raises(CardRefused):
        vault.keyring.grant(card, account.card_signature, ["alpha"])


def test_slots_of_others_are_refused(vault, clerk):
    """Slots do not travel between users, classes or versions."""
    mine = {slot.category: slot for slot in clerk.slots}
    owners = {slot.category: slot for slot in vault.slots}
    for slots, error in (
        ([*clerk.slots, owners["beta"]], SlotRefused),
        ([*clerk.slots, replace(owners["beta"], user_id=mine["alpha"].user_id)], BadSignature),
        ([mine[REGISTER], replace(mine["alpha"], category="beta")], BadSignature),
        ([*clerk.slots, replace(mine["alpha"], version=2)], BadSignature),
    ):
        with pytest.raises(error):
            open_keyring(clerk.account, keys_of(vault, slots), clerk.password)


def test_a_slot_of_the_hosts_making_is_refused(vault, clerk):
    """A host cannot hand out a key it knows, to have data written under it."""
    forged = seal_slot(new_root(), clerk.account.card, "alpha", 2, bytes(32))
    keys = keys_of(vault, [*clerk.slots, forged])
    with pytest.raises(BadSignature):
        open_keyring(clerk.account, keys, clerk.password)


def test_without_the_register_nothing_opens(vault, clerk):
    """A user who could not verify rows does not get in at all."""
    slots = [slot for slot in clerk.slots if slot.category != REGISTER]
    with pytest.raises(NoKey):
        open_keyring(clerk.account, keys_of(vault, slots), clerk.password)
    rest = tuple(secret for secret in vault.secrets if secret.kind != INTEGRITY)
    keys = keys_of(vault, clerk.slots, secrets=rest)
    with pytest.raises(NoKey):
        open_keyring(clerk.account, keys, clerk.password)


def test_secrets_do_not_change_their_kind(vault):
    """A host cannot make the e-mail key serve as the integrity key, nor move it elsewhere."""
    secrets = {secret.kind: secret for secret in vault.secrets}
    for kind, over in (
        (INTEGRITY, {"wrapped": secrets["import"].wrapped}),
        ("vat", {"kind": "phone"}),
        ("vat", {"category": "beta"}),
    ):
        changed = secrets | {kind: replace(secrets[kind], **over)}
        keys = keys_of(vault, vault.slots, secrets=tuple(changed.values()))
        with pytest.raises(BadWrap):
            open_keyring(vault.account, keys, PASSWORD)


def test_a_disabled_user_stays_out(vault, clerk):
    """After the card says disabled no password opens, and the old slots fit no new card."""
    shut = disable(vault.keyring, clerk.account)
    with pytest.raises(CardDisabled):
        open_keyring(shut, keys_of(vault, clerk.slots), clerk.password)
    with pytest.raises(CardDisabled):
        vault.keyring.grant(shut.card, shut.card_signature, ["alpha"])
    back, slots = reissue(vault.keyring, shut, ("clerk",), {"alpha"})
    assert open_keyring(back, keys_of(vault, slots), clerk.password).can("alpha")
    with pytest.raises(SlotRefused):
        open_keyring(back, keys_of(vault, clerk.slots), clerk.password)


def test_a_change_of_roles_keeps_the_password(vault, clerk):
    """New roles come with a new issue of the card and new slots; the old issue's are refused."""
    account, slots = reissue(vault.keyring, clerk.account, ("office",), CATEGORIES)
    ring = open_keyring(account, keys_of(vault, slots), clerk.password)
    assert ring.categories() == set(CATEGORIES)
    assert (account.card.roles, ring.card_counter) == (("office",), 2)
    with pytest.raises(SlotRefused):
        open_keyring(account, keys_of(vault, [*slots, clerk.slots[0]]), clerk.password)


def test_a_way_back_in(vault, clerk):
    """An owner gives a colleague a new password without the old one, and the old one dies."""
    member = Member(clerk.account.card.user_id, ("clerk",), frozenset({"alpha"}), counter=2)
    again = new_user(vault.keyring, member, cost=FLOOR, language="it")
    ring = open_keyring(again.account, keys_of(vault, again.slots), again.password)
    assert ring.categories() == {"alpha"}
    assert again.account.card.x_public != clerk.account.card.x_public
    with pytest.raises(WrongPassword):
        open_keyring(again.account, keys_of(vault, again.slots), clerk.password)


def test_only_the_root_makes_users(clerks):
    """A clerk cannot make users, whatever classes are asked for."""
    member = Member(bytes(16), ("clerk",), frozenset({"alpha"}))
    with pytest.raises(NoKey):
        new_user(clerks, member, cost=FLOOR, language="en")


def test_one_gives_only_what_one_holds(vault):
    """A grant of an unknown class is refused whole."""
    member = Member(bytes(15) + b"1", ("clerk",), frozenset({"gamma"}))
    with pytest.raises(NoKey):
        new_user(vault.keyring, member, cost=FLOOR, language="en")


def test_a_category_rotates(vault, owner, clerk):
    """A new version waits until it is active; then keys wrap anew and fields open as before."""
    cards = [(a.card, a.card_signature) for a in (vault.account, clerk.account)]
    mine, theirs = owner.new_version("alpha", cards)
    key, wrapped = new_data_key(owner, "alpha", PERSON)
    sealed = seal_field(key, "Anna", b"")
    slots = [*vault.slots, mine]
    pending = open_keyring(vault.account, keys_of(vault, slots, active={"alpha": 1}), PASSWORD)
    assert pending.version("alpha") == 1
    active = open_keyring(vault.account, keys_of(vault, slots), PASSWORD)
    assert active.version("alpha") == 2
    moved = active.rewrap("alpha", PERSON, wrapped)
    assert (wrapped[1:5], moved[1:5]) == (bytes([0, 0, 0, 1]), bytes([0, 0, 0, 2]))
    secret = next(secret for secret in vault.secrets if secret.kind == "vat")
    renewed = tuple(
        active.rewrap_secret(old) if old.category == "alpha" else old for old in vault.secrets
    )
    assert secret not in renewed
    colleague = [slot for slot in clerk.slots if slot.category != "alpha"] + [theirs]
    ring = open_keyring(clerk.account, keys_of(vault, colleague, secrets=renewed), clerk.password)
    assert open_field(ring.open_data_key("alpha", PERSON, moved), sealed, b"") == "Anna"
    assert ring.token_key("vat").token("x") == owner.token_key("vat").token("x")
    with pytest.raises(UnknownKeyVersion):
        ring.open_data_key("alpha", PERSON, wrapped)
    with pytest.raises(UnknownKeyVersion):
        owner.open_data_key("alpha", PERSON, moved)


def test_an_active_version_must_be_held(vault):
    """A host cannot send writers back to a version that is gone, nor ahead to one unknown."""
    for version in (0, 2, 9):
        keys = keys_of(vault, vault.slots, active={"alpha": version})
        with pytest.raises(UnknownKeyVersion):
            open_keyring(vault.account, keys, PASSWORD)


def test_names_of_the_vaults_own_are_taken():
    """No category and no kind of token may take a name that the vault uses itself."""
    owner = Owner(OWNER, ("owner",), PASSWORD)
    for categories, kinds in (
        (["alpha", ROOT], {}),
        ([REGISTER], {}),
        ([SUPPRESSION], {}),
        (["alpha"], {INTEGRITY: "alpha"}),
        (["alpha"], {SUPPRESSION: "alpha"}),
    ):
        with pytest.raises(ValueError, match="own names"):
            found_vault(categories, kinds, owner, FLOOR)
    with pytest.raises(ValueError, match="category of the vault"):
        found_vault(["alpha"], {"vat": "beta"}, owner, FLOOR)


def test_two_vaults_share_nothing(vault):
    """The same password and the same names give two vaults without a common key."""
    other = found()
    assert other.vault_id != vault.vault_id
    assert other.root_public != vault.root_public
    assert other.keyring.integrity.digest(b"") != vault.keyring.integrity.digest(b"")
    tokens = {ring.token_key("vat").token("x") for ring in (vault.keyring, other.keyring)}
    assert len(tokens) == 2
