"""The third act: a pharmacy's till fails, the helpdesk is late, calls its people, and then helps."""

from dataclasses import dataclass

from db.demo_helpdesk import HELPDESK, PHARMACIES
from siaga.demo.stage import NEWCOMER, Stage, question, says
from siaga.demo.till import screenshot
from siaga.simulator.person import Message, Person, labels, text_of

PHARMACY = PHARMACIES[0]
TROUBLE = "Printer kasir error, struk tidak bisa dicetak"
SHORT, USUAL = ("6 detik", "4 jam"), ("15 menit", "4 jam")
"""First answer and solution of what is urgent: as the story's admin promises them, and as Siaga does."""
_LATE_S = 60.0


@dataclass(frozen=True)
class Desk:
    """Who plays, and the group in which the staff works."""

    stage: Stage
    group: int

    @property
    def customer(self) -> Person:
        """Whose till fails; she has just joined."""
        return self.stage.people[NEWCOMER]

    @property
    def expert(self) -> Person:
        """Who takes the ticket."""
        return self.stage.people["expert"]

    @property
    def tech(self) -> Person:
        """Who mends it."""
        return self.stage.people["tech"]

    async def write(self, who: Person, asked: str, text: str) -> None:
        """Answer a question that was asked in the ticket's topic."""
        prompt = await who.wait_for(asked, chat=self.group)
        await who.send(text, chat=self.group, thread=prompt["message_thread_id"])


async def play(stage: Stage) -> None:
    """Play a ticket from a colleague who joins to her stars.

    Raises:
        StepFailedError: a step did not hold.
    """
    desk = await _prepare(stage)
    await _join(desk)
    await _open(desk)
    await _be_late(desk)
    await _take_and_forward(desk)
    await _clarify(desk)
    await _solve(desk)


async def _prepare(stage: Stage) -> Desk:
    admin, staff = stage.people["helpdesk_admin"], ("expert", "expert_2", "tech")
    async with stage.teller.step("The helpdesk's admin links the staff's group: a topic for each ticket"):
        group = await admin.new_group(f"Tim {HELPDESK}", *(stage.people[key] for key in staff))
        await admin.send("/hubungkangrup", chat=group)
        await admin.wait_for("Setiap tiket mendapat topiknya sendiri", chat=group)
    async with stage.teller.step("For what is urgent she promises an answer within six seconds"):
        await _promise(admin, SHORT)
    return Desk(stage, group)


async def _promise(admin: Person, times: tuple[str, str]) -> None:
    said = await admin.send("/mejabantuan")
    await admin.tap("Mendesak", await admin.wait_for("Meja bantuan apotek", after=said))
    for asked, time in zip(("jawaban pertama paling lama", "Selesai paling lama"), times, strict=True):
        await admin.wait_for(asked, after=said)
        said = await admin.send(time)
    await admin.tap("24 jam sehari", await admin.wait_for("Waktunya dihitung", after=said))
    await admin.wait_for(f"Mendesak: {times[0]} · {times[1]}, 24 jam sehari", after=said)


async def _join(desk: Desk) -> None:
    customer, in_charge = desk.customer, desk.stage.people["customer"]
    async with desk.stage.teller.step("A new colleague types the pharmacy's code; its head confirms her"):
        await customer.send(f"/gabung {PHARMACY.code}")
        await in_charge.tap("Ya, rekan kami", await in_charge.wait_for(f"{customer.name} ingin bergabung"))
        await customer.wait_for(f"Selamat datang di {PHARMACY.name}")


async def _open(desk: Desk) -> None:
    customer = desk.customer
    async with desk.stage.teller.step("Her till fails: a sentence and a screenshot become one draft"):
        await customer.send(TROUBLE)
        await customer.photo(screenshot())
        await customer.wait_for(lambda message: "Draf:" in text_of(message) and "1 foto" in text_of(message))
    async with desk.stage.teller.step(
        "She sends it, asked only how bad it is; its card has the promised time"
    ):
        await customer.tap("Kirim")
        await customer.tap("Kasir tidak bisa dipakai")
        await customer.wait_for("Dijawab paling lambat")
    async with desk.stage.teller.step("In the group the ticket has a topic, with the screenshot in it"):
        await desk.expert.wait_for("Belum ada yang menangani", chat=desk.group)
        await desk.expert.wait_for(lambda message: "photo" in message, chat=desk.group)


async def _be_late(desk: Desk) -> None:
    second, admin = desk.stage.people["expert_2"], desk.stage.people["helpdesk_admin"]
    async with desk.stage.teller.step("Nobody answers in time: both experts are called, one has seen it"):
        await second.tap("Sudah saya lihat", await second.wait_for(_is_call, timeout_s=_LATE_S))
        await desk.expert.wait_for(f"👀 {second.name}")
        await desk.customer.wait_for("Kami terlambat menjawab")
    async with desk.stage.teller.step("The admin promises the usual times again"):
        await _promise(admin, USUAL)


def _is_call(message: Message) -> bool:
    return any("Sudah saya lihat" in one for one in labels(message))


async def _take_and_forward(desk: Desk) -> None:
    expert, tech, group = desk.expert, desk.tech, desk.group
    async with desk.stage.teller.step(
        "The expert takes the ticket in its topic; the customer sees who has it"
    ):
        await expert.tap("Saya tangani", chat=group)
        await desk.customer.wait_for(f"{expert.name} · {HELPDESK}")
    async with desk.stage.teller.step("She forwards it to the tech, with a note that stays inside"):
        await expert.tap("Teruskan", chat=group)
        await expert.tap(tech.name, await expert.wait_for("kepada siapa?", chat=group))
        await desk.write(expert, "Apa yang perlu diketahui", "Driver lama sejak pembaruan 4.2, cek port USB")
        await tech.wait_for("meneruskan")


async def _clarify(desk: Desk) -> None:
    customer, tech, group = desk.customer, desk.tech, desk.group
    async with desk.stage.teller.step("The tech asks the customer; while she is waited for, the clock rests"):
        await tech.tap("Tanya pelanggan", chat=group)
        await desk.write(tech, "Tulis pertanyaan", "Lampu printernya hijau atau merah?")
        await customer.wait_for("Lampu printernya hijau atau merah?")
        await customer.wait_for("waktu kami berhenti")
    async with desk.stage.teller.step("She answers; it is read in the topic, and the calls have ended"):
        await customer.tap("Jawab")
        await question(customer, "jawaban anda")
        await customer.send("Merah berkedip, kertasnya masih ada")
        await tech.wait_for("Merah berkedip", chat=group)
        await desk.expert.wait_for("Tidak ada tiket yang terlambat")


async def _solve(desk: Desk) -> None:
    customer, tech = desk.customer, desk.tech
    async with desk.stage.teller.step("He solves it; she is asked whether it is, and says so"):
        await tech.tap("Selesai", chat=desk.group)
        await desk.write(tech, "Apa yang dilakukan", "Driver printer dipasang ulang")
        await customer.tap("Sudah beres", await customer.wait_for("sudah kami selesaikan"))
    async with desk.stage.teller.step("She gives five stars and a sentence; the ticket is closed"):
        await customer.tap("5 ⭐")
        await says(customer, "ada yang bisa kami perbaiki", "Cepat sekali, terima kasih")
        await customer.wait_for("⭐⭐⭐⭐⭐ “Cepat sekali, terima kasih”")
